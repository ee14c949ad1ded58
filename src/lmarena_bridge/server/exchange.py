"""One request and its response: what the application is told of the one, and how it writes the other.

It stands where uvicorn has its RequestResponseCycle, and says and refuses what that does. What it buys: 2 kB
less while an answer lasts; a piece of a stream is written by a call and not by a coroutine, without which it
could not be written in the tab's own read (attempt.py); a body that is there is taken without waiting; a
client's leaving is noticed without a second task. Where `send` and `receive` are not an
exchange's own, there is nothing here to be had, and ASGI's way is taken.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from typing import Any, Final

from lmarena_bridge.server.incoming import Incoming
from lmarena_bridge.server.response_head import response_head
from lmarena_bridge.server.rounds import Waiting
from lmarena_bridge.server.wire import Header, Message, Receive, Send

# Of a response in chunks: the head and the first of them, and one that is the only one.
_FIRST_CHUNK: Final = b"%b%btransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n"
_ONLY_CHUNK: Final = _FIRST_CHUNK + b"0\r\n\r\n"

_log = logging.getLogger("uvicorn.error")


class Exchange(Incoming, eq=False):
    """What is told by the connection stands first, then ASGI, then the ways past it.

    `is_ready`: the response is on its way, in chunks, and its client keeps up: then `write` and `end`. It is
    asked for each piece of a stream, and so no property.
    """

    keep_alive: bool = True
    is_to_head: bool = False
    is_started: bool = False
    is_ready: bool = False
    # Chunks, or a length of the response's body.
    _chunked: bool = False
    _expected: int = 0
    _task: asyncio.Task[None] | None = None
    # What ends when the client leaves: the task above, or another one.
    _ends_when_left: bool = False
    _to_cancel: asyncio.Task[Any] | None = None
    # The stream that is written, while it is to give signs of life.
    _waiting: Waiting | None = None

    # -- the connection's side -----------------------------------------------------------------------------

    def start(self) -> None:
        """Have the application answer it.

        What it does before it gives something to be awaited is done here and now, before there is a task: on
        the way of a question to its tab nothing waits for the loop's next turn.
        """
        port = self.line.port
        # Who still needs the header has it: a kilobyte that need not stay while the answer lasts.
        scope, self.scope = self.scope, None
        try:
            answering = port.app(scope, self.receive, self.send)
        except Exception as error:
            answering = _raised(error)
        self._task = task = port.loop.create_task(self._run(answering, port.tasks))
        port.tasks.add(task)

    def leave(self) -> None:
        """The connection is lost."""
        if self.is_complete or self.has_left:
            return
        self.has_left, self.is_ready = True, False
        self.tell()
        if self._to_cancel is not None:
            self._to_cancel.cancel()
        elif self._ends_when_left and self._task is not None:
            # Not before its first step: from there on it clears up what was begun in `start`.
            self.line.port.loop.call_soon(self._task.cancel)

    def keep_up(self, *, does: bool) -> None:
        """Whether the client takes what is written, from now on."""
        self.is_ready = does and self._chunked and not self.is_complete and not self.has_left

    async def _run(self, answering: Awaitable[None], tasks: set[Any]) -> None:
        try:
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
            tasks.discard(self._task)
            self._task = None

    def _is_ended_by_leaving(self, error: BaseException) -> bool:
        """Whether that is what was wanted, and nobody else wants this task to end as well."""
        task = self._task
        if not (self.has_left and self._ends_when_left) or task is None:
            return False
        return isinstance(error, asyncio.CancelledError) and not task.uncancel()

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
        self.is_complete = True
        self.is_ready = False
        if self._news is not None:
            self._news.set()
        if not self.keep_alive:
            self.transport.close()
        self.line.answered()

    # -- past ASGI -----------------------------------------------------------------------------------------

    def add(self, waiting: Waiting, at: float) -> None:
        """Look after this at that moment, or before, with the connection: no timer of its own. It is one."""
        self._waiting = waiting
        if at < self.line.looks_at:
            self.line.look_at(at)

    def remove(self, waiting: Waiting, at: float) -> None:
        """It need not be looked after any more."""
        self._waiting = None

    def look(self) -> None:
        """The connection is looked after."""
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.look()

    def begin(self, head: bytes, data: bytes, *, last: bool = False) -> bool:
        """Begin a response in chunks with its first one; False if that must go the usual way.

        `head`: header lines, each with its end, that are known to be well-formed: they are not looked at.
        `last`: it is the only chunk.
        """
        line = self.line
        if self.is_started or not self.keep_alive or line.write_paused or self.has_left:
            return False
        self.is_started = True
        self.must_continue = False
        ok = line.port.ok
        if last:
            self.transport.write(_ONLY_CHUNK % (ok, head, len(data), data))
            self._complete()
        else:
            self._chunked = self.is_ready = True
            self.transport.write(_FIRST_CHUNK % (ok, head, len(data), data))
        return True

    def give(self, head: bytes, body: bytes) -> bool:
        """The whole response, with 200, of a request whose body was read; otherwise as `begin`."""
        line = self.line
        if self.is_started or not self.keep_alive or line.write_paused or self.has_left:
            return False
        self.is_started = True
        self.must_continue = False
        self.transport.write(b"%b%bcontent-length: %d\r\n\r\n%b" % (line.port.ok, head, len(body), body))
        self._complete()
        return True

    def write(self, data: bytes) -> None:
        """One more chunk. Of no bytes it would be the end."""
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))

    def end(self, data: bytes) -> None:
        """The last chunk, and the end."""
        self.transport.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data))
        self._complete()

    def cancel_when_left(self, task: asyncio.Task[Any] | None) -> None:
        """This task, when the client leaves, or at once if it has; None: none any more."""
        self._to_cancel = task
        if task is not None and self.has_left:
            task.cancel()

    def end_when_left(self) -> bool:
        """Cancel what is done for this request when its client leaves; False if another task does it."""
        task = self._task
        # There is none yet as long as `start` calls.
        if task is not None and task is not asyncio.current_task():
            return False
        self._ends_when_left = True
        if self.has_left and task is not None:
            task.cancel()
        return True


async def _raised(error: Exception) -> None:
    raise error


def exchange_of(method: Receive | Send) -> Exchange | None:
    """The exchange whose `send` or `receive` this is."""
    owner = getattr(method, "__self__", None)
    return owner if type(owner) is Exchange else None
