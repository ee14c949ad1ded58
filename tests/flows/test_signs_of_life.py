"""A model that draws for minutes, and a site that says so all the time: the client hears of it."""

import pytest

from support.chain import Chain, records

DRAWING = "a fox #arena:pace=60"  # six heartbeats come before the picture


@pytest.mark.parametrize("n", [1, 2])
async def test_heartbeats_of_the_site_are_signs_of_life(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    monkeypatch.setattr("lmarena_bridge.bridge._QUIET_SECONDS", 0.1)
    async with chain.asking(DRAWING, "demo-painter", n=n) as response:
        heard = [record async for record in records(response)]
    first_chunk = next(index for index, record in enumerate(heard) if isinstance(record, dict))
    assert heard[:first_chunk].count(": keep-alive") == first_chunk
    assert first_chunk >= 2
    assert heard[-1] == "[DONE]"


async def test_streamed_pictures_have_them_too(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmarena_bridge.bridge._QUIET_SECONDS", 0.1)
    body = {"model": "demo-painter", "prompt": DRAWING, "stream": True}
    answer = await chain.client.post("/v1/images/generations", json=body)
    before, _, _ = answer.text.partition("event: ")
    assert before.count(": keep-alive\n\n") >= 2


async def test_they_are_no_more_frequent_than_clients_need(chain: Chain) -> None:
    async with chain.asking("a fox #arena:pace=20", "demo-painter") as response:
        heard = [record async for record in records(response)]
    # The only one is said before the picture is downloaded.
    assert heard.count(": keep-alive") == 1
