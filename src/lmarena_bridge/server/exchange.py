"""One request and its response: what the application is told of the one, and how it writes the other.

It stands where uvicorn has its RequestResponseCycle, and says and refuses what that does. What it buys: 2 kB
less while an answer lasts; a piece of a stream is written by a call and not by a coroutine, without which
there were no short way (7 µs a piece and not 18, core/site/short_way.py); a body that is there is taken
without waiting; a client's leaving is noticed without a second task. Where `send` and `receive` are not an
exchange's own, there is nothing here to be had, and ASGI's way is taken.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from lmarena_bridge.server.port import Port
from lmarena_bridge.server.response_head import response_head
from lmarena_bridge.server.rounds import Rounds
from lmarena_bridge.server.wire import Header, Message, Receive, Send

_log = logging.getLogger("uvicorn.error")


class Line(Protocol):
    """The connection of an exchange."""

    port: Port
    transport: asyncio.Transport
    # The client does not keep up.
    write_paused: bool

    async def drained(self) -> None:
        """Return when it does."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def answered(self) -> None:
        """The response is complete."""


class Exchange(msgspec.Struct, eq=False):
    """What is told by the connection stands first, then ASGI, then the ways past it.

    `must_continue`: the client waits for a word before it sends its body. `has_left`: it is gone.
    `is_ready`: the response is on its way, in chunks, and its client keeps up: then `write` and `end`. It is
    asked for each piece of a stream, and so no property.
    """

    line: Line
    transport: asyncio.Transport
    # Not kept while the answer lasts: whoever still needs the header has it, and it is a kilobyte.
    _scope: Any
    # The request's body, as far as it came and was not taken; and whether that was told.
    body: bytes | bytearray = b""
    more_body: bool = True
    has_news: bool = False
    keep_alive: bool = True
    must_continue: bool = False
    has_left: bool = False
    is_to_head: bool = False
    # The response. Chunks, or a length of its body.
    is_started: bool = False
    is_complete: bool = False
    is_ready: bool = False
    _chunked: bool = False
    _expected: int = 0
    # Who waits for news. Nobody does, mostly: an event takes 0.3 kB.
    _news: asyncio.Event | None = None
    _task: asyncio.Task[None] | None = None
    _to_cancel: asyncio.Task[Any] | None = None

    # -- the connection's side -----------------------------------------------------------------------------

    def start(self) -> None:
        """Have the application answer it."""
        port = self.line.port
        self._task = task = port.loop.create_task(self._run(port))
        port.tasks.add(task)

    def take_in(self, body: bytes, *, more: bool) -> None:
        """A piece of the request's body. `more`: it is not the last one."""
        if self.is_complete:
            return
        if not self.body:
            self.body = body
        else:
            if isinstance(self.body, bytes):
                self.body = bytearray(self.body)
            self.body += body
        if len(self.body) > HIGH_WATER_LIMIT and more:
            self.line.pause_reading()
        self.more_body = more
        self.has_news = True
        self._tell()

    def leave(self) -> None:
        """The connection is lost."""
        if self.is_complete or self.has_left:
            return
        self.has_left, self.is_ready = True, False
        self._tell()
        if self._to_cancel is not None:
            self._to_cancel.cancel()

    def keep_up(self, *, does: bool) -> None:
        """Whether the client takes what is written, from now on."""
        self.is_ready = does and self._chunked and not self.is_complete and not self.has_left

    def _tell(self) -> None:
        if self._news is not None:
            self._news.set()

    async def _run(self, port: Port) -> None:
        scope, self._scope = self._scope, None
        try:
            answering = port.app(scope, self.receive, self.send)
            # Who still needs the header has it: a kilobyte that need not stay while the answer lasts.
            del scope
            await answering
        except BaseException as error:
            if not self._is_ended_by_leaving(error):
                _log.error("Exception in ASGI application\n", exc_info=error)
                await self._fail()
        else:
            if not self.is_complete and not self.has_left:
                done = "completing" if self.is_started else "starting"
                _log.error("ASGI callable returned without %s response.", done)
                await self._fail()
        finally:
            port.tasks.discard(self._task)
            self._task = None

    def _is_ended_by_leaving(self, error: BaseException) -> bool:
        """Whether that is what was wanted, and nobody else wants this task to end as well."""
        if not self.has_left or self._to_cancel is None or self._to_cancel is not self._task:
            return False
        return isinstance(error, asyncio.CancelledError) and not self._to_cancel.uncancel()

    async def _fail(self) -> None:
        if self.is_started:
            self.transport.close()
            return
        body = b"Internal Server Error"
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    # -- ASGI ----------------------------------------------------------------------------------------------

    async def receive(self) -> Message:
        if self.must_continue:
            self.must_continue = False
            if not self.transport.is_closing():
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while not (self.has_left or self.is_complete):
            self.line.resume_reading()
            if self.has_news:
                body, self.body, self.has_news = self.body, b"", False
                return {"type": "http.request", "body": bytes(body), "more_body": self.more_body}
            if self._news is None:
                self._news = asyncio.Event()
            self._news.clear()
            await self._news.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.line.write_paused and not self.has_left:
            await self.line.drained()
        if self.has_left:
            return
        if self.is_complete:
            raise RuntimeError(f"The response is complete: {message['type']!r} comes too late.")
        expected = "http.response.body" if self.is_started else "http.response.start"
        if message["type"] != expected:
            raise RuntimeError(f"Expected {expected!r}, not {message['type']!r}.")
        if self.is_started:
            self._send_body(message.get("body", b""), more=message.get("more_body", False))
        else:
            self._send_head(message["status"], message.get("headers", ()))

    def _send_head(self, status: int, given: Iterable[Header]) -> None:
        self.is_started = True
        self.must_continue = False
        headers = (*self.line.port.state.default_headers, *given)
        head = response_head(status, headers, keep_alive=self.keep_alive, to_head=self.is_to_head)
        self._chunked, self._expected, self.keep_alive = head.chunked, head.length, not head.ends
        self.keep_up(does=not self.line.write_paused)
        self.transport.write(head.data)

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self.is_to_head:
            self._expected = 0
        elif self._chunked:
            piece = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            self.transport.write(piece if more else piece + b"0\r\n\r\n")
        else:
            self._expected -= len(body)
            if self._expected < 0:
                raise RuntimeError("The response is longer than its Content-Length.")
            self.transport.write(body)
        if not more:
            if self._expected:
                raise RuntimeError("The response is shorter than its Content-Length.")
            self._complete()

    def _complete(self) -> None:
        self.is_complete, self.is_ready = True, False
        if self._news is not None:
            self._news.set()
        if not self.keep_alive:
            self.transport.close()
        self.line.answered()

    # -- past ASGI -----------------------------------------------------------------------------------------

    @property
    def rounds(self) -> Rounds:
        """The timer of this server."""
        return self.line.port.rounds

    def whole_body(self) -> bytes | bytearray | None:
        """The request's body, if all of it is there and none was taken; None: it must be received."""
        if self.more_body or not self.has_news or self.must_continue or self.has_left:
            return None
        self.line.resume_reading()
        body, self.body, self.has_news = self.body, b"", False
        return body

    def begin(self, head: bytes, data: bytes) -> bool:
        """Begin a response in chunks with its first one; False if that must go the usual way.

        `head`: header lines, each with its end, that are known to be well-formed: they are not looked at.
        """
        if not self._is_untouched:
            return False
        self.is_started = self._chunked = self.is_ready = True
        self.must_continue = False
        first = self.line.port.ok
        self.transport.write(
            b"%b%btransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (first, head, len(data), data)
        )
        return True

    def give(self, head: bytes, body: bytes) -> bool:
        """The whole response, with 200, of a request whose body was read; otherwise as `begin`."""
        if not self._is_untouched:
            return False
        self.is_started = True
        self.must_continue = False
        first = self.line.port.ok
        self.transport.write(b"%b%bcontent-length: %d\r\n\r\n%b" % (first, head, len(body), body))
        self._complete()
        return True

    def write(self, data: bytes) -> None:
        """One more chunk. Of no bytes it would be the end."""
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))

    def end(self, data: bytes) -> None:
        """The last chunk, and the end."""
        self.transport.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data))
        self._complete()

    @property
    def _is_untouched(self) -> bool:
        """Whether nothing is written yet, and all can be that is to be, for a client that stays connected."""
        return not (self.is_started or not self.keep_alive or self.line.write_paused or self.has_left)

    def cancel_when_left(self, task: asyncio.Task[Any] | None) -> None:
        """This task, when the client leaves, or at once if it has; None: none any more."""
        self._to_cancel = task
        if task is not None and self.has_left:
            task.cancel()

    def end_when_left(self) -> bool:
        """Cancel what is done for this request when its client leaves; False if another task does it."""
        if self._task is not asyncio.current_task():
            return False
        self.cancel_when_left(self._task)
        return True


def exchange_of(method: Receive | Send) -> Exchange | None:
    """The exchange whose `send` or `receive` this is."""
    owner = getattr(method, "__self__", None)
    return owner if type(owner) is Exchange else None
