"""What uvicorn knows of a request, and ASGI does not tell: the one place that reaches into it.

uvicorn is pinned to 0.54 for such reasons, and tests hold all that is used here. What it buys: a piece of a
stream is written by a call and not by a coroutine, without which there were no short way (7 µs a piece and
not 18, core/site/short_way.py); and a client's leaving is noticed without a second task beside each request.
Where `send` and `receive` are not uvicorn's own, there is nothing here to be had, and ASGI's way is taken.
"""

import asyncio
from typing import Any, Self

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from lmarena_bridge.server.wire import Receive, Send


def _cycle_of(method: object) -> RequestResponseCycle | None:
    owner = getattr(method, "__self__", None)
    return owner if isinstance(owner, RequestResponseCycle) else None


class ResponseWriter:
    """Writes chunks of one response that has begun. Only while `is_ready`."""

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    @classmethod
    def of(cls, send: Send) -> Self | None:
        cycle = _cycle_of(send)
        return None if cycle is None else cls(cycle)

    @property
    def is_ready(self) -> bool:
        """Whether the response is on its way, in chunks, and its client keeps up."""
        cycle = self._cycle
        return (
            cycle.chunked_encoding is True
            and not cycle.flow.write_paused
            and not cycle.disconnected
            and not cycle.response_complete
        )

    def begin(self, head: bytes, data: bytes) -> bool:
        """Begin a response in chunks with its first one; False if that must go the usual way.

        `head`: header lines, each with its end, that are known to be well-formed: they are not looked at.
        """
        cycle = self._cycle
        if not self._is_untouched:
            return False
        cycle.response_started = cycle.chunked_encoding = True
        cycle.waiting_for_100_continue = False
        cycle.expected_content_length = 0
        begun = b"%b%btransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (self._first, head, len(data), data)
        cycle.transport.write(begun)
        return True

    def give(self, head: bytes, body: bytes) -> bool:
        """The whole response, with 200, of a request whose body was read; otherwise as `begin`."""
        if not self._is_untouched:
            return False
        self._cycle.response_started = True
        self._cycle.waiting_for_100_continue = False
        self._cycle.transport.write(
            b"%b%bcontent-length: %d\r\n\r\n%b" % (self._first, head, len(body), body)
        )
        self._complete()
        return True

    def write(self, data: bytes) -> None:
        """One more chunk. Of no bytes it would be the end."""
        self._cycle.transport.write(b"%x\r\n%b\r\n" % (len(data), data))

    def end(self, data: bytes) -> None:
        """The last chunk, and the end."""
        self._cycle.transport.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data))
        self._complete()

    @property
    def _is_untouched(self) -> bool:
        """Whether nothing is written yet, and all can be that is to be, for a client that stays connected."""
        cycle = self._cycle
        return not (
            cycle.response_started or not cycle.keep_alive or cycle.flow.write_paused or cycle.disconnected
        )

    @property
    def _first(self) -> bytes:
        """The status line, and uvicorn's own headers (the date)."""
        return STATUS_LINE[200] + b"".join([b"%b: %b\r\n" % each for each in self._cycle.default_headers])

    def _complete(self) -> None:
        cycle = self._cycle
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()


class Flow(FlowControl):
    """uvicorn's; what is waited for while a client lags behind is made when one does: it takes 0.8 kB."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.read_paused = False
        self.write_paused = False

    def pause_writing(self) -> None:
        if not self.write_paused:
            self.write_paused = True
            self._is_writable_event = asyncio.Event()

    async def drain(self) -> None:
        if self.write_paused:
            await self._is_writable_event.wait()


class NextRequests(list[Any]):
    """Requests of one connection that came too early, the latest first: a deque takes 0.7 kB for none."""

    __slots__ = ()

    def appendleft(self, request: object) -> None:
        self.insert(0, request)


class Leaving:
    """Cancels a task when the client of a request leaves. The request's body must have been read.

    It takes the place of the event of a request that uvicorn sets when its connection is lost (and when its
    response is complete). Nobody waits for that any more, so it need not be one.
    """

    __slots__ = ("_cycle", "_task", "noticed")

    def __init__(self, cycle: RequestResponseCycle, task: asyncio.Task[Any]) -> None:
        self._cycle = cycle
        self._task: asyncio.Task[Any] | None = task
        # Whether the task was cancelled because of that.
        self.noticed = False

    @classmethod
    def of(cls, receive: Receive) -> Self | None:
        """For the task that runs; from now on nobody else may wait in `receive`."""
        cycle, task = _cycle_of(receive), asyncio.current_task()
        if cycle is None or task is None:
            return None
        leaving = cls(cycle, task)
        cycle.message_event = leaving  # type: ignore[assignment]
        leaving.set()  # it may have left already
        return leaving

    def set(self) -> None:
        """Something has happened; what it is, the request knows."""
        if self._cycle.disconnected and self._task is not None:
            self.noticed = True
            self._task.cancel()
            self._task = None

    def ignore(self) -> None:
        """The task has other things to do now."""
        self._task = None
