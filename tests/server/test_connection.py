"""Bytes as no client sends them, on real sockets. The deadlines are short here, their rules the same."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn

from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.port import Limits
from lmarena_bridge.server.serving import accepting, connections, listen
from lmarena_bridge.server.wire import ClientLeft, Receive, Scope, Send, respond
from support.fed import Fed, port, settled

SHORT = Limits(connections=20, header_seconds=0.3, header_bytes=4096, body_seconds=0.3, bytes_a_second=100)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n"
WITHIN = 10.0


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/early":
        await respond(send, 403, b"no")
    elif scope["path"] == "/slow":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(10):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"end"})
    else:
        await respond(send, 200, b"%d" % len(await read_body(receive, 10**9)))


class Line:
    """A connection that sends what it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def answer(self) -> bytes:
        """One whole answer whose length is told."""
        async with asyncio.timeout(WITHIN):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
            return head + await self._reader.readexactly(length)

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        async with asyncio.timeout(WITHIN):
            return await self._reader.read()

    async def drip(self, piece: bytes) -> bytes:
        """Send a piece every now and then until the server has had enough."""
        async with asyncio.timeout(WITHIN):
            while not self._reader.at_eof():
                try:
                    self._writer.write(piece)
                    await self._writer.drain()
                except ConnectionError:
                    break
                try:
                    async with asyncio.timeout(0.02):
                        # Not on to the end: whoever sends on meanwhile makes the system forget what came.
                        return await self._reader.read(65_536)
                except TimeoutError:
                    continue
        return b""

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Desk:
    def __init__(self, port: int) -> None:
        self._port = port
        self.lines: list[Line] = []

    async def line(self) -> Line:
        self.lines.append(Line(*await asyncio.open_connection("127.0.0.1", self._port)))
        return self.lines[-1]


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[Desk]:
    config = uvicorn.Config(_app, http=connections(limits), lifespan="off", log_config=None, ws="none")
    with listen("127.0.0.1", 0) as listener:
        async with accepting(config, listener):
            desk = Desk(listener.getsockname()[1])
            try:
                yield desk
            finally:
                for line in desk.lines:
                    await line.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with serving(SHORT) as desk:
        yield desk


async def test_requests_that_come_too_early_wait_for_their_turn(desk: Desk) -> None:
    line = await desk.line()
    bodies = [b"x" * length for length in (3, 1, 2)]
    line.send(b"".join(POST.replace(b"2000", b"%d" % len(body)) + body for body in bodies))
    answers = [await line.answer() for _ in bodies]
    assert [answer[-1:] for answer in answers] == [b"3", b"1", b"2"]


async def test_requests_go_one_after_the_other_over_one_connection(desk: Desk) -> None:
    line = await desk.line()
    for _ in range(3):
        line.send(GET + b"\r\n")
        assert (await line.answer()).endswith(b"\r\n\r\n0")


async def test_fault_43_a_header_that_does_not_come_is_not_waited_for(desk: Desk) -> None:
    line = await desk.line()
    line.send(GET)
    answer = await line.rest()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"request_too_slow"' in answer


async def test_fault_43_nor_is_one_that_comes_letter_by_letter(desk: Desk) -> None:
    line = await desk.line()
    line.send(GET)
    assert b"408" in await line.drip(b"X-A: b\r\n")


async def test_a_connection_that_says_nothing_is_closed(desk: Desk) -> None:
    assert (await (await desk.line()).rest()).startswith(b"HTTP/1.1 408 ")


async def test_nor_do_empty_lines_after_a_request_keep_it_open(desk: Desk) -> None:
    line = await desk.line()
    line.send(GET + b"\r\n")
    await line.answer()
    assert b"408" in await line.drip(b"\r\n")


async def test_fault_43_a_body_that_comes_letter_by_letter_is_given_up(desk: Desk) -> None:
    line = await desk.line()
    line.send(POST)
    assert b"408" in await line.drip(b"x")


async def test_nor_does_it_hold_the_connection_when_it_was_refused_already(desk: Desk) -> None:
    line = await desk.line()
    line.send(POST.replace(b"POST /", b"POST /early"))
    assert (await line.answer()).startswith(b"HTTP/1.1 403 ")
    await line.drip(b"x")


async def test_a_body_that_keeps_coming_has_as_long_as_it_needs(desk: Desk) -> None:
    line = await desk.line()
    line.send(POST)
    for _ in range(20):  # longer than a body has, were it not coming
        line.send(b"x" * 100)
        await asyncio.sleep(0.03)
    assert (await line.answer()).endswith(b"2000")


async def test_an_answer_may_take_longer_than_a_request(desk: Desk) -> None:
    line = await desk.line()
    line.send(GET.replace(b"GET /", b"GET /slow") + b"Connection: close\r\n\r\n")
    assert b"end" in await line.rest()


async def test_an_answer_on_its_way_is_not_mixed_with_a_refusal(desk: Desk) -> None:
    line = await desk.line()
    line.send(POST.replace(b"POST /", b"POST /slow"))
    answer = await line.rest()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408" not in answer


@pytest.mark.parametrize("piece", [1000, 100_000], ids=["in pieces", "at once"])
async def test_fault_44_a_header_that_is_too_large_is_refused(desk: Desk, piece: int) -> None:
    line = await desk.line()
    data = GET + b"X: " + b"a" * 5000 + b"\r\n\r\n"
    for start in range(0, len(data), piece):
        line.send(data[start : start + piece])
        await asyncio.sleep(0)
    answer = await line.rest()
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b'"error"' in answer


async def test_fault_44_one_without_an_end_is_too(desk: Desk) -> None:
    line = await desk.line()
    line.send(GET + b"X: " + b"a" * 5000)
    assert (await line.rest()).startswith(b"HTTP/1.1 431 ")


async def test_an_address_without_an_end_is_too(desk: Desk) -> None:
    line = await desk.line()
    line.send(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await line.rest()).startswith(b"HTTP/1.1 431 ")


async def test_nor_may_the_headers_behind_a_body_go_on_for_ever(desk: Desk) -> None:
    line = await desk.line()
    line.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    line.send((b"X: " + b"a" * 100 + b"\r\n") * 50)
    assert (await line.rest()).startswith(b"HTTP/1.1 431 ")


async def test_a_header_that_is_too_large_is_no_smaller_in_one_piece_with_the_request_before_it(
    desk: Desk,
) -> None:
    line = await desk.line()
    line.send(GET + b"\r\n" + GET + b"X: " + b"a" * 5000 + b"\r\n\r\n")
    assert b"HTTP/1.1 431 " in await line.rest()


async def test_nor_is_a_small_one_larger_behind_a_large_body(desk: Desk) -> None:
    line = await desk.line()
    line.send(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000 + GET + b"\r\n"
    )
    assert (await line.answer()).endswith(b"\r\n9000")
    assert (await line.answer()).endswith(b"\r\n0")


async def test_many_small_requests_over_one_connection_do_not_add_up(desk: Desk) -> None:
    line = await desk.line()
    for _ in range(10):
        line.send(GET + b"X: " + b"a" * 1000 + b"\r\n\r\n")
        await line.answer()


async def test_what_is_no_http_is_told_so_in_the_usual_shape(desk: Desk) -> None:
    line = await desk.line()
    line.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    answer = await line.rest()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"invalid_request"' in answer
    assert b"x-content-type-options: nosniff" in answer


async def test_more_connections_than_can_be_kept_are_told_so_and_those_that_are_here_stay() -> None:
    # No deadline meanwhile: nobody shall go before the others have come.
    async with serving(Limits(connections=3)) as desk:
        lines = [await desk.line() for _ in range(3)]
        for line in lines:
            line.send(GET + b"\r\n")
            await line.answer()
        assert (await (await desk.line()).rest()).startswith(b"HTTP/1.1 429 ")
        await lines[0].close()
        lines[1].send(GET + b"\r\n")
        assert (await lines[1].answer()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("data", [b"", GET + b"\r\n", POST, POST + b"x" * 2000 + GET + b"\r\n"])
async def test_a_connection_that_is_lost_leaves_nothing_for_the_collector(data: bytes) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientLeft):
            await _app(scope, receive, send)

    served = port(app, SHORT)
    gc.collect()
    gc.disable()
    try:
        fed = Fed(served)
        lost = weakref.ref(fed.wire)
        await fed.feed([data] if data else [])
        fed.lose()
        await settled()
        del fed
        assert lost() is None
    finally:
        gc.enable()
    assert not served.connections
    assert not served.tasks
