"""The request's side of an exchange: its body, as it comes and as it is taken, and the client's leaving."""

import asyncio
from typing import Any, Final, Protocol

import msgspec

from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.server.port import Port
from lmarena_bridge.server.wire import Message

# Who does not take what is there keeps the client from sending more than that.
_HIGH_WATER: Final = 64 * 1024
_NOBODY: Final = -1


class Line(Protocol):
    """The connection of an exchange."""

    port: Port
    transport: asyncio.Transport
    # Nothing is read of it; the client does not keep up.
    read_paused: bool
    write_paused: bool
    # When the connection is looked after next.
    looks_at: float

    async def drained(self) -> None:
        """Return when it does."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def look_at(self, at: float) -> None:
        """Have the exchange look after what it was given, not later than at this moment."""

    def answered(self) -> None:
        """The response is complete."""


class Incoming(msgspec.Struct, eq=False):
    """`must_continue`: the client waits for a word before it sends its body. `has_left`: it is gone.

    `is_complete`: the response is; whatever is told of the request after it is that it has ended.
    """

    line: Line
    transport: asyncio.Transport
    # Not kept while the answer lasts: whoever still needs the header has it, and it is a kilobyte.
    scope: Any
    # As far as it came and was not taken; and whether that was told.
    body: Buffer = b""
    more_body: bool = True
    has_news: bool = False
    must_continue: bool = False
    has_left: bool = False
    is_complete: bool = False
    # Up to how many bytes somebody waits for all of it.
    _most: int = _NOBODY
    # Who waits for news. Nobody does, mostly: an event takes 0.3 kB.
    _news: asyncio.Event | None = None

    def take_in(self, body: bytes, *, more: bool) -> None:
        """A piece of the body. `more`: it is not the last one."""
        if self.is_complete:
            return
        if not self.body:
            self.body = body
        else:
            if isinstance(self.body, bytes):
                self.body = bytearray(self.body)
            self.body += body
        self.more_body = more
        self.has_news = True
        if more and len(self.body) <= self._most:
            return
        if more and len(self.body) > _HIGH_WATER:
            self.line.pause_reading()
        self.tell()

    def tell(self) -> None:
        """Something has changed."""
        if self._news is not None:
            self._news.set()

    async def receive(self) -> Message:
        """ASGI's."""
        self._ask_for_it()
        while not (self.has_left or self.is_complete):
            self.line.resume_reading()
            if self.has_news:
                return {"type": "http.request", "body": bytes(self._taken()), "more_body": self.more_body}
            await self._change()
        return {"type": "http.disconnect"}

    def whole_body(self) -> Buffer | None:
        """The body, if all of it is there and none was taken; None: it must be waited for."""
        if self.more_body or not self.has_news or self.must_continue or self.has_left:
            return None
        if self.line.read_paused:
            self.line.resume_reading()
        body, self.body, self.has_news = self.body, b"", False
        return body

    async def collected(self, limit: int) -> Buffer | None:
        """The body when all of it is there, or more than `limit` bytes; None: the client has left.

        Whoever waits is woken once, and not for each piece.
        """
        self._ask_for_it()
        self._most = limit
        while self.more_body and len(self.body) <= limit and not (self.has_left or self.is_complete):
            self.line.resume_reading()
            await self._change()
        self._most = _NOBODY
        return None if self.has_left or self.is_complete else self._taken()

    def _ask_for_it(self) -> None:
        if self.must_continue:
            self.must_continue = False
            if not self.transport.is_closing():
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _taken(self) -> Buffer:
        body, self.body, self.has_news = self.body, b"", False
        return body

    async def _change(self) -> None:
        if self._news is None:
            self._news = asyncio.Event()
        self._news.clear()
        await self._news.wait()
