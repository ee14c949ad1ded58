"""Server-sent events of one response: written at once where that can be had, else one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.headers import lines
from lmarena_bridge.server.kept_alive import KeptAlive
from lmarena_bridge.server.rounds import Rounds
from lmarena_bridge.server.wire import FAILED, SAFE, Header, Send, respond_error

Events = TypeVar("Events")

_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    # Proxies that buffer would hold every chunk back.
    (b"x-accel-buffering", b"no"),
    *SAFE,
)
_HEAD: Final = lines(_HEADERS)


class EventStream(KeptAlive):
    """The response starts with the first event, so that an early error has a status.

    `has_ended`: the last one is written.
    """

    __slots__ = (
        "_exchange",
        "_headers",
        "_now",
        "_send",
        "_started",
        "_turn",
        "_wording",
        "has_ended",
    )

    def __init__(self, send: Send, *headers: Header, wording: Wording = error_response) -> None:
        self._exchange = exchange = exchange_of(send)
        if exchange is None:
            loop = asyncio.get_running_loop()
            self.looks_after = Rounds(loop)
        else:  # in Python 3.11 to ask for the running loop is a system call
            loop = exchange.line.port.loop
            self.looks_after = exchange
        self._send = send
        self._headers = headers
        self._wording = wording
        self._started = False
        self.has_ended = False
        self._now = now = loop.time
        self.said_at = now()
        # Who writes while the client is slow. Others must wait, so that records stay whole and in order.
        self._turn: asyncio.Lock | None = None

    def write_now(self, encode: Callable[[Events], bytes], events: Events) -> bool:
        """What `write` does, for a response that has begun and a client that keeps up; False if it is none.

        Then nothing was encoded, either: whoever encodes counts what went out.
        """
        exchange, turn = self._exchange, self._turn
        if exchange is None or not exchange.is_ready or (turn is not None and turn.locked()):
            return False
        if data := encode(events):
            exchange.write(data)
            self.said_at = self._now()
        return True

    def put(self, data: bytes, *, last: bool = False, failed: bool = False) -> Awaitable[None] | None:
        """`write`, and nothing to wait for where that can be had: the first record goes with the head."""
        exchange, turn = self._exchange, self._turn
        if exchange is None or not data or (turn is not None and turn.locked()):
            return self._write_in_turn(data, last=last, failed=failed)
        if not exchange.is_ready:
            if self._started or not exchange.begin(_HEAD + lines(self._headers), data, last=last):
                return self._write_in_turn(data, last=last, failed=failed)
            self._started = True
        elif last:
            exchange.end(data)
        else:
            exchange.write(data)
        self.has_ended = last
        self.said_at = self._now()
        return None

    async def write(self, data: bytes, *, last: bool = False, failed: bool = False) -> None:
        if (until := self.put(data, last=last, failed=failed)) is not None:
            await until

    async def _write_in_turn(self, data: bytes, *, last: bool, failed: bool) -> None:
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            if self.has_ended:  # a sign of life that came too late
                return
            if not self._started:
                self._started = True
                headers = [*_HEADERS, *self._headers]
                await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            told = {FAILED: True} if failed else {}
            await self._send({"type": "http.response.body", "body": data, "more_body": not last, **told})
            self.has_ended = last
            self.said_at = self._now()

    async def fail(self, error: BridgeError, record: bytes) -> None:
        """End with an error: with its status if nothing was said yet, else with its record."""
        if self._started:
            await self.write(record, last=True, failed=True)
        else:
            await respond_error(self._send, error, *self._headers, wording=self._wording)
