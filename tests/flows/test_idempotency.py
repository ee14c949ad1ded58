"""A request that is sent again with its Idempotency-Key is not asked again, whatever became of its client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, question, records, text_of, until
from support.chain import chain as start

PATH = "/v1/chat/completions"


def keyed(key: str = "one") -> dict[str, str]:
    return {"idempotency-key": key, "x-stainless-retry-count": "1"}


async def ask(chain: Chain, body: dict[str, Any], key: str = "one") -> httpx2.Response:
    return await chain.client.post(PATH, json=body, headers=keyed(key))


def asked(chain: Chain) -> int:
    """How often the site was."""
    return sum(isinstance(message, m.Fetch) for message in chain.tab.received)


def cancelled(chain: Chain) -> bool:
    return any(isinstance(message, m.Cancel) for message in chain.tab.received)


@asynccontextmanager
async def reading(chain: Chain, body: dict[str, Any]) -> AsyncIterator[httpx2.Response]:
    async with chain.client.stream("POST", PATH, json=body, headers=keyed()) as response:
        yield response


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_the_same_request_again_gets_the_same_answer_and_costs_nothing(
    chain: Chain, streamed: bool
) -> None:
    body = question("Tell me something new!", stream=streamed)
    first, second = await ask(chain, body), await ask(chain, body)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert second.headers["x-request-id"] == first.headers["x-request-id"]
    assert (first.headers.get("idempotent-replayed"), second.headers["idempotent-replayed"]) == (None, "true")
    assert asked(chain) == 1


async def test_pictures_are_drawn_once(chain: Chain) -> None:
    body = {"model": "demo-painter", "prompt": "a fox"}
    answers = [
        await chain.client.post("/v1/images/generations", json=body, headers=keyed()) for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert answers[1].content == answers[0].content
    assert asked(chain) == 1


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_who_comes_while_it_is_answered_reads_along_from_the_beginning(
    chain: Chain, streamed: bool
) -> None:
    body = question("Tell me a story. #arena:pace=5", stream=streamed)
    answers = await asyncio.gather(*(ask(chain, body) for _ in range(3)))
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].status_code == 200
    assert asked(chain) == 1


async def test_who_lost_the_connection_finds_the_answer_going_on(chain: Chain) -> None:
    body = question("hello #arena:pace=50", stream=True)
    async with reading(chain, body) as response:
        begun = [record async for record, _ in _first(records(response), 2)]
    answer = await ask(chain, body)
    whole = [record for record in answer.text.split("\n\n") if record]
    assert whole[-1] == "data: [DONE]"
    assert answer.text.startswith(f'data: {{"id":"{begun[0]["id"]}"')
    assert not cancelled(chain)
    assert asked(chain) == 1


async def _first(stream: AsyncIterator[Any], count: int) -> AsyncIterator[tuple[Any, int]]:
    for number in range(count):
        yield await anext(stream), number


async def test_an_answer_that_nobody_comes_back_for_is_given_up(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"idempotency_grace_seconds": 0}) as chain:
        body = question("hello #arena:hang", stream=True)
        async with reading(chain, body) as response:
            await anext(records(response))
        await until(lambda: cancelled(chain))
        await chain.until_idle()
        again = question("hello", stream=True)
        assert (await ask(chain, again)).status_code == 200


async def test_the_first_client_may_leave_while_a_second_one_reads(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"idempotency_grace_seconds": 0}) as chain, AsyncExitStack() as first:
        body = question("Tell me a story. #arena:pace=20", stream=True)
        # It is kept, for the client leaves when nobody holds what reads it.
        read = records(await first.enter_async_context(reading(chain, body)))
        await anext(read)
        async with reading(chain, body) as second:
            lines = records(second)
            await anext(lines)
            await first.aclose()
            assert [line async for line in lines][-1] == "[DONE]"
        assert asked(chain) == 1


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_what_failed_is_tried_anew(chain: Chain, streamed: bool) -> None:
    body = question("hello #arena:422 #arena:times=1", stream=streamed)
    assert [(await ask(chain, body)).status_code for _ in range(2)] == [422, 200]


async def test_what_broke_in_the_middle_is_tried_anew(chain: Chain) -> None:
    body = question("hello #arena:no-finish #arena:times=1", stream=True)
    first, second = await ask(chain, body), await ask(chain, body)
    assert '"malformed_stream"' in first.text
    assert text_of([record async for record in records(second)][:-1])
    assert asked(chain) == 2


async def test_another_request_with_the_same_key_is_refused(chain: Chain) -> None:
    await ask(chain, question("hi"))
    answer = await ask(chain, question("something else"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert answer.headers["x-should-retry"] == "false"
    assert (await ask(chain, question("something else"), "two")).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_that_is_none_is_refused(chain: Chain, key: str) -> None:
    answer = await ask(chain, question("hi"), key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")


async def test_keys_of_different_people_do_not_meet(tmp_path: Path) -> None:
    keys = [{"name": name, "key": f"sk-{name}"} for name in ("ann", "ben")]
    async with start(tmp_path, settings={"api_key": keys}) as chain:
        for name, text in (("ann", "hi"), ("ben", "something else")):
            headers = {**keyed(), "authorization": f"Bearer sk-{name}"}
            answer = await chain.client.post(PATH, json=question(text), headers=headers)
            assert answer.status_code == 200
        assert asked(chain) == 2


async def test_without_a_key_each_request_is_asked(chain: Chain) -> None:
    headers = {"x-stainless-retry-count": "1"}
    for _ in range(2):
        assert (await chain.client.post(PATH, json=question("hi"), headers=headers)).status_code == 200
    assert asked(chain) == 2


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"idempotency_keep_seconds": 0}) as chain:
        for _ in range(2):
            assert (await ask(chain, question("hi"))).status_code == 200
        assert asked(chain) == 2


async def test_a_long_answer_comes_whole_but_once(chain: Chain) -> None:
    body = question("#arena:size=12000000", stream=True)
    async with reading(chain, body) as response:
        heard = records(response)
        received = [await anext(heard)]
        await until(
            lambda: bool(chain.tab.streams) and next(iter(chain.tab.streams.values())).sent_to > 9_000_000
        )
        second = await ask(chain, body)
        received += [record async for record in heard]
    assert (second.status_code, second.json()["error"]["code"]) == (409, "idempotency_conflict")
    assert received[-1] == "[DONE]"
    assert len(text_of(received[:-1])) == 12_000_000
    assert asked(chain) == 1
