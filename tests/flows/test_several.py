"""`n` answers to one request: as many jobs at the same time."""

import json
from collections import defaultdict
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from core.api.official import official
from support.chain import Chain, records, until


async def stream(chain: Chain, text: str, model: str = "demo-chat", **more: Any) -> list[Any]:
    async with chain.asking(text, model, **more) as response:
        assert response.status_code == 200, await response.aread()
        return [record async for record in records(response)]


def by_index(chunks: list[Any]) -> dict[int, str]:
    texts: dict[int, str] = defaultdict(str)
    for chunk in chunks:
        for choice in chunk["choices"]:
            texts[choice["index"]] += choice["delta"].get("content") or ""
    return texts


async def test_chunks_of_several_answers_come_mixed_and_each_ends_once(chain: Chain) -> None:
    *chunks, done = await stream(
        chain, "What is 6 * 7? #arena:pace=5", n=3, stream_options={"include_usage": True}
    )
    assert done == "[DONE]"
    for chunk in chunks:
        official(ChatCompletionChunk, json.dumps(chunk), known_extras=frozenset({"estimated"}))
    order = [choice["index"] for chunk in chunks for choice in chunk["choices"]]
    assert order != sorted(order)
    assert all("42" in text for text in by_index(chunks).values())
    ends = [choice for chunk in chunks for choice in chunk["choices"] if choice["finish_reason"]]
    assert sorted(choice["index"] for choice in ends) == [0, 1, 2]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[-1]["choices"] == []
    assert len(chain.arena.journal.entries) == 3


async def test_several_whole_answers(chain: Chain) -> None:
    answer = await chain.ask("What is 6 * 7? #arena:usage", n=3)
    told = official(ChatCompletion, answer.content)
    assert [choice.index for choice in told.choices] == [0, 1, 2]
    assert all("42" in (choice.message.content or "") for choice in told.choices)
    one = official(ChatCompletion, (await chain.ask("What is 6 * 7? #arena:usage")).content)
    assert told.usage is not None
    assert one.usage is not None
    assert told.usage.total_tokens == 3 * one.usage.total_tokens


async def test_the_jobs_run_at_the_same_time(chain: Chain) -> None:
    async with chain.asking("hi #arena:hang", n=4):
        await until(lambda: chain.server.services.hub.jobs == 4)
    await chain.until_idle()
    await until(lambda: not chain.arena.journal.open_streams)


@pytest.mark.parametrize("streamed", [True, False])
async def test_one_text_that_fails_fails_the_request(chain: Chain, streamed: bool) -> None:
    answer = await chain.ask("hi #arena:422 #arena:times=1 #arena:slow=0.2", n=2, stream=streamed)
    text = answer.text
    assert "refused the content" in text
    assert answer.status_code == 422 or "data: " in text
    await chain.until_idle()


@pytest.mark.parametrize("streamed", [True, False])
async def test_of_several_pictures_those_that_came_are_given(chain: Chain, streamed: bool) -> None:
    answer = await chain.ask("a fox #arena:422 #arena:times=1", "demo-painter", n=3, stream=streamed)
    assert answer.status_code == 200
    assert answer.text.count("![image](") == 2
    assert answer.text.count("[This picture failed: ") == 1
    assert answer.text.count('"finish_reason":"stop"') == 3


@pytest.mark.parametrize("streamed", [True, False])
async def test_when_all_pictures_fail_the_request_does(chain: Chain, streamed: bool) -> None:
    answer = await chain.ask("a fox #arena:422", "demo-painter", n=3, stream=streamed)
    assert answer.status_code == 422
    assert "refused the content" in answer.json()["error"]["message"]


@pytest.mark.parametrize("n", [0, 11, 1.5])
async def test_numbers_that_cannot_be_are_refused(chain: Chain, n: float) -> None:
    answer = await chain.ask("hi", n=n)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "n"
    assert not chain.arena.journal.entries
