import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from lmarena_bridge.server.frames import framed
from lmarena_bridge.server.socket import TabSocket

UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: lmarena-bridge.v1\r\n\r\n"
)


class Wire(asyncio.Transport):
    """What is written, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.wrote = asyncio.Event()

    def writelines(self, list_of_data: Any) -> None:
        self.written.append(b"".join(list_of_data))
        self.wrote.set()

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass


class Links:
    def opened(self, socket: TabSocket) -> int:
        return 1

    def heard(self, link: int, frames: Sequence[str | bytes]) -> None:
        raise AssertionError(frames)

    def lost(self, link: int, *, gone: bool) -> None:
        pass

    def drain(self) -> None:
        pass


def open_socket() -> tuple[TabSocket, Wire]:
    socket: Any = TabSocket(
        SimpleNamespace(),  # type: ignore[arg-type]
        SimpleNamespace(connections=set()),  # type: ignore[arg-type]
        None,
        links=Links(),
        guard=lambda _: None,
    )
    wire = Wire()
    socket.connection_made(wire)
    socket.data_received(UPGRADE)
    wire.written.clear()
    wire.wrote.clear()
    return socket, wire


def on_the_wire(*messages: str | bytes) -> bytes:
    return b"".join(part for message in messages for part in framed(message))


async def test_what_can_wait_goes_with_the_next_message_in_order() -> None:
    socket, wire = open_socket()
    socket.send(["first"], can_wait=True)
    socket.send([b"second"], can_wait=True)
    assert wire.written == []
    socket.send(["third", b"fourth"])
    assert wire.written == [on_the_wire("first", b"second", "third", b"fourth")]


async def test_what_can_wait_goes_after_a_moment_if_nothing_else_is_said() -> None:
    socket, wire = open_socket()
    for message in ("one", "another"):
        socket.send([message], can_wait=True)
        async with asyncio.timeout(5):
            await wire.wrote.wait()
        assert wire.written.pop() == on_the_wire(message)
        wire.wrote.clear()


async def test_to_a_socket_that_closes_nothing_more_is_said() -> None:
    socket, wire = open_socket()
    socket.send(["late"], can_wait=True)
    socket.close(1001, "bye")
    socket.send(["never"])
    assert [b"late" in each or b"never" in each for each in wire.written] == [False]
