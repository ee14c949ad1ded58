"""Our connection beside uvicorn's own: of the same bytes, cut at every place, applications hear the same."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from lmarena_bridge.server.connection import Connection
from lmarena_bridge.server.familiar import SAID
from lmarena_bridge.server.port import Limits, Port
from lmarena_bridge.server.wire import Message, Receive, Scope, Send
from support.fed import Wire, settled

GET = b"GET /a%20b?c=d HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKS = (
    b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n"
)
STREAMS = {
    "one": GET,
    "with a body": POST,
    "in chunks": CHUNKS,
    "several": POST + GET + CHUNKS + POST,
    "the last one": POST.replace(b"Host: a", b"Connection: close") + GET,
    "of an older HTTP": GET.replace(b"1.1", b"1.0") + GET,
    "of an older HTTP that stays": GET.replace(b"1.1", b"1.0").replace(b"Host: a", b"Connection: keep-alive"),
    "who waits for a word": POST.replace(b"Host: a", b"Expect: 100-continue") + GET,
    "only the head": POST.replace(b"POST", b"HEAD") + GET,
    "an upgrade that there is not": GET.replace(b"Host: a", b"Connection: upgrade\r\nUpgrade: h2c") + GET,
    "a WebSocket, where there are none": GET.replace(
        b"Host: a", b"Connection: upgrade\r\nUpgrade: websocket"
    ),
    "blank lines": b"\r\n\r\n" + POST + b"\r\n\r\n" + GET,
    "an address that is a whole URL": GET.replace(b"/a", b"http://host/a"),
    "cut off": POST[:-2],
    "no HTTP behind it": POST + b"\x16\x03\x01",
    "a length that is none": POST.replace(b": 5", b": x"),
    "two lengths": POST.replace(b"Host: a", b"Content-Length: 6"),
}


def application(heard: list[object], *, manner: str) -> Callable[[Scope, Receive, Send], Any]:
    """Reads and answers as applications do; writes down what it was told."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append({key: value for key, value in scope.items() if key not in (SAID, "state")})
        body, more = b"", manner != "without reading"
        while more:
            message: Message = await receive()
            if message["type"] == "http.disconnect":
                heard.append("left")
                return
            body, more = body + message["body"], message["more_body"]
        heard.append(body)
        if manner == "fails":
            raise ValueError
        length = [(b"content-length", b"%d" % len(body))] if manner == "with a length" else []
        await send({"type": "http.response.start", "status": 201, "headers": [(b"X-Of", b"us"), *length]})
        if manner == "begins":
            return
        await send({"type": "http.response.body", "body": body[:2], "more_body": True})
        await send({"type": "http.response.body", "body": body[2:]})
        heard.append((await receive())["type"])

    return app


def cuts(data: bytes) -> Iterator[list[bytes]]:
    yield [data]
    yield [data[at : at + 1] for at in range(len(data))]
    for at in range(1, len(data)):
        yield [data[:at], data[at:]]


async def outcome(connection: asyncio.Protocol, pieces: Iterable[bytes]) -> tuple[bytes, bool]:
    """What was written, and whether the connection was closed."""
    wire = Wire()
    connection.connection_made(wire)
    for piece in pieces:
        if not wire.is_closing():
            connection.data_received(piece)
        await settled()
    closed = wire.is_closing()
    connection.connection_lost(None)
    await settled()
    return wire.written, closed


@pytest.mark.parametrize("manner", ["with a length", "in chunks", "without reading", "begins", "fails"])
@pytest.mark.parametrize("name", STREAMS)
async def test_it_hears_and_says_the_same(name: str, manner: str) -> None:
    ours, theirs = list[object](), list[object]()

    def config(heard: list[object]) -> uvicorn.Config:
        made = uvicorn.Config(
            application(heard, manner=manner),
            interface="asgi3",
            lifespan="off",
            log_config=None,
            ws="none",
            access_log=False,
            proxy_headers=False,
        )
        made.load()
        return made

    mine, other = config(ours), config(theirs)
    port = Port(mine, ServerState(), asyncio.get_running_loop(), Limits())
    for pieces in cuts(STREAMS[name]):
        ours.clear()
        theirs.clear()
        written, closed = await outcome(Connection(port), pieces)
        expected, closes = await outcome(HttpToolsProtocol(other, ServerState(), {}), pieces)
        assert (ours, closed) == (theirs, closes), pieces
        if b"HTTP/1.1 400 " in expected:  # in another shape
            written, expected = (
                written.partition(b"HTTP/1.1 400 ")[0],
                expected.partition(b"HTTP/1.1 400 ")[0],
            )
        assert written == expected, pieces
