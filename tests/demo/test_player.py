import asyncio
from typing import Any

from starlette.types import Message

from lmarena_bridge.demo.performance import Hang, Pause, Reset, Write
from lmarena_bridge.demo.player import play, while_present
from lmarena_bridge.demo.wire.exchange import RESET, ClientGoneError


class Listener:
    """Collects what is sent; leaves when told."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.listening = asyncio.Event()
        self.leave = asyncio.Event()

    async def send(self, message: Message) -> None:
        self.heard.append(message)
        self.listening.set()

    async def receive(self) -> Message:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    @property
    def data(self) -> list[bytes]:
        return [message["body"] for message in self.heard if message["type"] == "http.response.body"]


async def test_writes_go_out_one_by_one_and_the_body_ends() -> None:
    listener = Listener()
    await play(iter([Write(b"a"), Pause(0), Write(b"b")]), listener.send, can_reset=True)
    assert listener.data == [b"a", b"b", b""]
    assert [message["more_body"] for message in listener.heard] == [True, True, False]


async def test_a_reset_is_said_to_a_server_that_understands_it_and_ends_nothing_else() -> None:
    knowing, simple = Listener(), Listener()
    await play(iter([Write(b"a"), Reset(), Write(b"b")]), knowing.send, can_reset=True)
    await play(iter([Write(b"a"), Reset(), Write(b"b")]), simple.send, can_reset=False)
    assert [message["type"] for message in knowing.heard] == ["http.response.body", RESET]
    assert simple.data == [b"a"]


async def test_a_hanging_answer_is_cancelled_when_the_client_leaves() -> None:
    listener = Listener()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        playing = play(iter([Write(b"a"), Hang()]), listener.send, can_reset=True)
        group.create_task(while_present(playing, listener.receive))
        await listener.listening.wait()
        listener.leave.set()
    assert listener.data == [b"a"]


async def test_work_that_is_done_waits_for_nobody() -> None:
    listener = Listener()
    async with asyncio.timeout(5):
        await while_present(play(iter([]), listener.send, can_reset=True), listener.receive)
    assert listener.data == [b""]


async def test_a_client_that_leaves_inside_a_write_is_no_error() -> None:
    async def gone(_message: Message) -> None:
        raise ClientGoneError("left")

    async with asyncio.timeout(5):
        await while_present(play(iter([Write(b"a")]), gone, can_reset=True), Listener().receive)


async def test_a_slow_reader_holds_the_next_write_back() -> None:
    taken = asyncio.Event()
    started: list[Any] = []

    async def slow(message: Message) -> None:
        started.append(message)
        await taken.wait()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(play(iter([Write(b"a"), Write(b"b")]), slow, can_reset=True))
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(started) == 1
        taken.set()
    assert len(started) == 3
