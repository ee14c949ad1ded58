import asyncio
from collections.abc import Iterator

from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.wire import Message


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
