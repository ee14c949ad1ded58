"""A model that draws for minutes, and a site that says so all the time: the client hears of it."""

from pathlib import Path

import pytest

from support.chain import Chain, records, text_of
from support.chain import chain as start

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


async def test_signs_of_life_alone_are_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmarena_bridge.bridge._QUIET_SECONDS", 0.1)
    # Six heartbeats, one every second: far longer than the client is to wait.
    async with start(tmp_path, settings={"answer_wait_seconds": 1}) as chain:
        answer = await chain.ask("a fox #arena:pace=1000", "demo-painter")
        assert answer.status_code == 504
        assert answer.json()["error"]["code"] == "tab_silent"
        assert "answer_wait_seconds" in answer.json()["error"]["message"]
        await chain.until_idle()


async def test_case_20_a_silent_site_and_a_client_that_hears_of_it(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmarena_bridge.server.kept_alive._QUIET_SECONDS", 0.05)
    async with chain.asking("What is 6 * 7? #arena:slow=0.5") as response:
        heard = [record async for record in records(response)]
    first_chunk = next(index for index, record in enumerate(heard) if isinstance(record, dict))
    assert first_chunk >= 2
    assert heard[:first_chunk] == [": keep-alive"] * first_chunk
    assert "42" in text_of([record for record in heard if isinstance(record, dict)])


async def test_who_waits_for_a_tab_hears_so_and_then_the_error_in_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmarena_bridge.server.kept_alive._QUIET_SECONDS", 0.05)
    async with (
        start(tmp_path, settings={"tab_wait_seconds": 0.5}, tab=False) as chain,
        chain.asking("hi") as response,
    ):
        assert response.status_code == 200
        heard = [record async for record in records(response)]
    *signs, error, done = heard
    assert set(signs) == {": keep-alive"}
    assert error["error"]["code"] == "no_tab"
    assert done == "[DONE]"


async def test_a_short_wait_keeps_the_true_status(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"tab_wait_seconds": 0.1}, tab=False) as chain:
        answer = await chain.ask("hi", stream=True)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["error"]["code"] == "no_tab"
