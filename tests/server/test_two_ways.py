"""A header that is known and one that is parsed: the same bytes, cut at every place, come to the same."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.caller import caller
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.familiar import SAID
from lmarena_bridge.server.port import Limits, Port
from lmarena_bridge.server.wire import ClientLeft, Receive, Scope, Send, respond
from support.fed import Fed, port, settled

NOW = object()
MOST = 2000
LIMITS = Limits(header_bytes=1000)
HEAD = b"POST /v1/x?y=z%%20 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nX: y:\r\nEmpty:\r\n\r\n"


def ask(body: bytes = b"hello") -> bytes:
    return HEAD % len(body) + body


GET = b"GET /get HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKS = b"POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
STREAMS = {
    "one": ask(),
    "no body": ask(b""),
    "two": ask() + ask(b"and more"),
    "a body that looks like a request": ask(ask()) + ask(),
    "blank lines before it": b"\r\n\r\n" + ask() + b"\r\n" + ask(),
    "half a blank line before it": b"\r" + ask() + b"\r" + ask(),
    "one that is not known behind it": ask() + GET + ask(),
    "in chunks before it": CHUNKS + ask() + CHUNKS,
    "no request behind it": ask() + b"nonsense\r\n\r\n",
    "the beginning of a request behind it": ask() + b"POST /v1",
    "too short": ask()[:-1],
    "too long": ask() + b"x",
    "a length that is larger than its body": HEAD % 12 + b"hello" + ask(),
    "another length before it": ask().replace(b"Host: a", b"Host: a\r\nX-Length: 5") + ask(),
    "another length alone": ask().replace(b"Content-Length: 5", b"X-Length: 5") + ask(),
    "a length in capitals": ask().replace(b"Content-Length", b"CONTENT-LENGTH") + ask(),
    "a length without a blank": ask().replace(b"Content-Length: ", b"Content-Length:") + ask(),
    "a length with two blanks": ask().replace(b"Content-Length: ", b"Content-Length:  ") + ask(),
    "leading zeros": ask().replace(b": 5", b": 00000005") + ask(),
    "a length that is none": ask().replace(b": 5", b": 5x"),
    "a length that is negative": ask().replace(b": 5", b": -5"),
    "a length in two numbers": ask().replace(b": 5", b": 5, 5"),
    "a length with a blank behind it": ask().replace(b": 5", b": 5 ") + ask(),
    "a length that goes on in the next line": ask().replace(b": 5", b": 5\r\n 0"),
    "two lengths": ask().replace(b"X: y:", b"Content-Length: 6"),
    "the same length twice": ask().replace(b"X: y:", b"Content-Length: 5"),
    "a length beside chunks": ask().replace(b"X: y:", b"Transfer-Encoding: chunked") + ask(),
    "more than may be sent": HEAD % 2001 + b"x" * 2001 + ask(),
    "a length without an end": ask().replace(b": 5", b": " + b"9" * 30),
    "line ends without CR": ask().replace(b"\r\n", b"\n") + ask(),
    "the last line end without CR": (HEAD % 5).replace(b"\r\n\r\n", b"\r\n\n") + b"hello",
    "the last one of its connection": ask().replace(b"X: y:", b"Connection: close") + ask(),
    "of an older HTTP": ask().replace(b"HTTP/1.1", b"HTTP/1.0") + ask(),
    "who waits for a word": ask().replace(b"X: y:", b"Expect: 100-continue") + ask(),
    "an upgrade that there is not": ask().replace(b"X: y:", b"Connection: upgrade\r\nUpgrade: h2c") + ask(),
    "a header with a NUL": ask().replace(b"X: y:", b"X: \0"),
    "a header that is too large": ask().replace(b"X: y:", b"X: " + b"y" * 1000),
    "an address that cannot be read": ask().replace(b"/v1/x?y", b"/v1/\xff?y"),
}
# Long ones are not cut twice.
SHORT = 260


class Desk:
    """An application that lets everybody in, and writes down what it was asked."""

    def __init__(self, *, reads: bool) -> None:
        self._reads = reads
        self.heard: list[object] = []
        self.known = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = scope.get(SAID)
        if said is not None:
            self.known += said.standing is NOW
            said.let_in(NOW, caller(scope), scope["path"], self, most=MOST)
        self.heard.append(
            {key: value for key, value in scope.items() if not key.startswith("lmarena_bridge.")}
        )
        body = b""
        if self._reads:
            try:
                body = bytes(await read_body(receive, 2000))
            except ClientLeft:
                self.heard.append("left")
                return
            self.heard.append(body)
        exchange = exchange_of(send)
        assert exchange is not None
        if not exchange.give(b"", body):
            await respond(send, 200, body)


class Forgetful(Desk):
    """It remembers nobody: all goes the usual way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.pop(SAID, None)
        await super().__call__(scope, receive, send)


async def outcome(served: Port, desk: Desk, pieces: Iterable[bytes]) -> Mapping[str, Any]:
    """What a connection comes to, and what it does when it is lost."""
    desk.heard.clear()
    fed = Fed(served)
    await fed.feed(pieces)
    state = fed.state()
    fed.lose()
    await settled()
    assert not served.tasks
    assert not served.connections
    return {**state, "heard": list(desk.heard)}


def cuts(data: bytes) -> Iterator[list[bytes]]:
    """Whole, byte by byte, and cut at every place; short ones at every other two."""
    yield [data]
    yield [data[at : at + 1] for at in range(len(data))]
    for at in range(1, len(data)):
        yield [data[:at], data[at:]]
    if len(data) < SHORT:
        for first, second in itertools.combinations(range(1, len(data), 7), 2):
            yield [data[:first], data[first:second], data[second:]]


@pytest.mark.parametrize("reads", [True, False], ids=["read", "answered unread"])
@pytest.mark.parametrize("name", STREAMS)
async def test_both_ways_come_to_the_same(name: str, *, reads: bool) -> None:
    desk, other = Desk(reads=reads), Forgetful(reads=reads)
    familiar, usual = port(desk, LIMITS), port(other, LIMITS)
    await outcome(familiar, desk, [ask()])
    desk.known = 0
    for pieces in cuts(STREAMS[name]):
        assert await outcome(familiar, desk, pieces) == await outcome(usual, other, pieces), pieces
    assert other.known == 0


async def test_the_short_way_is_taken_wherever_a_header_comes_in_one_read() -> None:
    desk = Desk(reads=True)
    served = port(desk)
    for pieces, known in (
        ([ask()], 0),
        ([ask()], 1),
        ([ask(b"")], 1),
        ([HEAD % 5, b"hello"], 1),
        ([HEAD % 5 + b"he", b"llo"], 1),
        ([ask(), ask(), ask()], 3),
        ([GET, ask()], 1),
        # Not where it does not, or stands behind something else.
        ([ask()[:50], ask()[50:]], 0),
        ([b"\r\n" + ask()], 0),
        ([ask() + ask()], 1),
    ):
        desk.known = 0
        await outcome(served, desk, pieces)
        assert desk.known == known, pieces
