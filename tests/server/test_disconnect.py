import asyncio
from collections.abc import Iterator

import httpx2
import pytest

from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.disconnect import until_client_leaves, while_client_stays
from lmarena_bridge.server.wire import Message, Receive, Scope, Send, respond
from support.served import served


class Client:
    """A client that leaves when it is told to."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}


async def test_work_of_a_client_that_stays_is_done_to_the_end() -> None:
    done = []

    async def work() -> None:
        await asyncio.sleep(0)
        done.append(True)

    assert await while_client_stays(Client().receive, work())
    assert done == [True]


async def test_work_of_a_client_that_leaves_is_cancelled() -> None:
    client, stopped = Client(), asyncio.Event()

    async def work() -> None:
        client.left.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async with asyncio.timeout(5):
        assert not await while_client_stays(client.receive, work())
    assert stopped.is_set()


async def test_other_words_of_a_client_are_no_goodbye() -> None:
    words: Iterator[Message] = iter([{"type": "http.request", "body": b""}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(words)

    async with asyncio.timeout(5):
        assert not await while_client_stays(receive, asyncio.Event().wait())  # type: ignore[arg-type]


async def test_a_client_of_uvicorn_that_leaves_is_noticed_without_another_task() -> None:
    stopped, outcome = asyncio.Event(), asyncio.Queue[bool]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)

        async def work() -> None:
            before = len(asyncio.all_tasks())
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            assert len(asyncio.all_tasks()) == before
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        outcome.put_nowait(await while_client_stays(receive, work()))

    async with served(app) as client, asyncio.timeout(20):
        async with client.stream("POST", "/", content=b"hello") as response:
            assert response.status_code == 200
        assert await outcome.get() is False
        assert stopped.is_set()


async def test_a_client_of_uvicorn_that_stays_gets_its_answer_and_the_next_one() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)
        assert await while_client_stays(receive, respond(send, 200, b"done"))
        # Whatever comes now belongs to the next request.
        await asyncio.sleep(0)

    async with served(app) as client:
        for _ in range(3):
            assert (await client.post("/", content=b"hello")).text == "done"


async def test_a_client_of_uvicorn_that_has_left_before_the_work_begins_is_noticed() -> None:
    outcome = asyncio.Queue[bool]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)
        while (await receive())["type"] != "http.disconnect":
            pass
        outcome.put_nowait(await while_client_stays(receive, asyncio.Event().wait()))  # type: ignore[arg-type]

    async with served(app) as client, asyncio.timeout(20):
        with pytest.raises(httpx2.ReadTimeout):
            await client.post("/", content=b"hello", timeout=0.2)
        assert await outcome.get() is False


async def test_who_ends_the_work_for_other_reasons_is_obeyed() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)

        async def work() -> None:
            begun.set()
            await asyncio.Event().wait()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(while_client_stays(receive, work()))
            await begun.wait()
            task.cancel()
        assert task.cancelled()
        ended.set()
        await respond(send, 200, b"")

    async with served(app) as client, asyncio.timeout(20):
        await client.post("/", content=b"hello")
    assert ended.is_set()


@pytest.mark.parametrize("by_another_task", [False, True])
async def test_the_last_work_of_a_request_ends_with_its_client_and_that_is_no_error(
    caplog: pytest.LogCaptureFixture, *, by_another_task: bool
) -> None:
    stopped = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)

        async def work() -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        async def last() -> None:
            await until_client_leaves(receive, work())

        if not by_another_task:
            return await last()
        async with asyncio.TaskGroup() as group:
            group.create_task(last())

    async with served(app) as client, asyncio.timeout(20):
        async with client.stream("POST", "/", content=b"hello") as response:
            assert response.status_code == 200
        await stopped.wait()
    assert not caplog.records


async def test_the_last_work_of_a_request_whose_client_has_left_before_does_not_begin() -> None:
    ended = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 1000)
        while (await receive())["type"] != "http.disconnect":
            pass
        try:
            await until_client_leaves(receive, asyncio.Event().wait())  # type: ignore[arg-type]
        finally:
            ended.set()

    async with served(app) as client, asyncio.timeout(20):
        with pytest.raises(httpx2.ReadTimeout):
            await client.post("/", content=b"hello", timeout=0.2)
        await ended.wait()
