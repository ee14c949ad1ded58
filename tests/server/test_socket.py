import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from websockets.frames import Frame, Opcode

from lmarena_bridge.server.framing import framed
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
    """Takes bytes that come alone by the short way if they are `known`."""

    def __init__(self, known: bytes = b"") -> None:
        self.known = known
        self.told: list[bytes | list[str | bytes]] = []

    def opened(self, socket: TabSocket) -> int:
        return 1

    def continued(self, link: int, frame: bytes) -> bool:
        self.told.append(frame)
        return frame == self.known

    def heard(self, link: int, frames: Sequence[str | bytes]) -> None:
        self.told.append(list(frames))

    def lost(self, link: int, *, gone: bool) -> None:
        pass

    def drain(self) -> None:
        pass


def open_socket(links: Links | None = None) -> tuple[TabSocket, Wire]:
    socket: Any = TabSocket(
        SimpleNamespace(),  # type: ignore[arg-type]
        SimpleNamespace(connections=set()),  # type: ignore[arg-type]
        None,
        links=links or Links(),
        guard=lambda _: None,
    )
    wire = Wire()
    socket.connection_made(wire)
    socket.data_received(UPGRADE)
    wire.written.clear()
    wire.wrote.clear()
    return socket, wire


def on_the_wire(*messages: str | bytes) -> bytes:
    return b"".join(framed(messages))


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


async def test_of_what_is_said_in_one_turn_all_but_the_first_goes_together() -> None:
    socket, wire = open_socket()
    for _ in range(2):
        for message in ("one", "two", b"three"):
            socket.send([message])
        socket.send(["late"], can_wait=True)
        assert wire.written == [on_the_wire("one")]
        await asyncio.sleep(0)
        assert wire.written == [on_the_wire("one"), on_the_wire("two", b"three", "late")]
        wire.written.clear()
    await asyncio.sleep(0)
    assert wire.written == []


async def test_it_goes_before_the_goodbye_of_the_same_turn() -> None:
    socket, wire = open_socket()
    socket.send(["one"])
    socket.send(["two"])
    socket.close(1001, "bye")
    assert wire.written[:2] == [on_the_wire("one"), on_the_wire("two")]
    await asyncio.sleep(0)
    assert len(wire.written) == 3


async def test_to_a_socket_that_closes_nothing_more_is_said() -> None:
    socket, wire = open_socket()
    socket.send(["late"], can_wait=True)
    socket.close(1001, "bye")
    socket.send(["never"])
    assert [b"late" in each or b"never" in each for each in wire.written] == [False]


def from_tab(opcode: Opcode, payload: bytes) -> bytes:
    return Frame(opcode, payload).serialize(mask=True)


async def test_what_is_not_taken_alone_is_heard_like_all_else_and_once() -> None:
    links = Links(known=b"known")
    socket, _ = open_socket(links)
    socket.data_received(from_tab(Opcode.BINARY, b"known"))
    assert links.told == [b"known"]
    socket.data_received(from_tab(Opcode.BINARY, b"new"))
    assert links.told[1:] == [b"new", [b"new"]]
    socket.data_received(from_tab(Opcode.TEXT, b"text"))
    socket.data_received(from_tab(Opcode.BINARY, b"known") * 2)
    assert links.told[3:] == [["text"], [b"known", b"known"]]


async def test_of_a_socket_that_was_closed_nothing_is_heard() -> None:
    links = Links(known=b"known")
    socket, _ = open_socket(links)
    socket.close(1001, "bye")
    socket.data_received(from_tab(Opcode.BINARY, b"known"))
    socket.data_received(from_tab(Opcode.BINARY, b"new"))
    assert links.told == []
