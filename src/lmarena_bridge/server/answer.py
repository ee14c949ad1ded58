"""An answer's events become an HTTP response, in any dialect: the one place where errors become wire.

Before the first byte an error has its true status, even for a streamed request; after it, it is said in the
stream (design.md 9).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

import msgspec
import structlog

from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.chat.completion import Answer, Completion
from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, TextDelta
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.at_once import Failures, Giving, at_once
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.kept_alive import KeptAlive
from lmarena_bridge.server.rounds import Rounds
from lmarena_bridge.server.wire import FAILED, JSON, SAFE, Header, Send, respond, respond_error

# Proxies that buffer would hold every chunk back.
_STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    *SAFE,
)


def _lines(headers: Sequence[Header]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


_STREAM_HEAD = _lines(_STREAM_HEADERS)
_WHOLE_HEAD = _lines((JSON, *SAFE))

# Clients give up without a sign of life, some without the headers (clients.md 0.5).
_QUIET_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


class Encoder(Protocol):
    """A dialect's stream of one response: events in, records out, ready for the socket."""

    @property
    def keep_alive(self) -> bytes:
        """What is sent while nothing comes."""

    def encode(self, events: Sequence[ChatEvent], choice: int = 0, /) -> bytes:
        """The records of these events of the answer `choice`; b"" when they show nothing."""

    def done(self) -> bytes:
        """The end, when all answers are complete."""

    def error(self, error: BridgeError, /) -> bytes:
        """The end of a response that has begun and failed."""


class EventStream:
    """Server-sent events. The response starts with the first of them, so that an early error has a status."""

    __slots__ = (
        "_ended",
        "_headers",
        "_now",
        "_send",
        "_started",
        "_turn",
        "_wording",
        "_writer",
        "_written_at",
    )

    def __init__(self, send: Send, *headers: Header, wording: Wording = error_response) -> None:
        self._send = send
        self._headers = headers
        self._wording = wording
        self._started = False
        self._ended = False
        self._now = asyncio.get_running_loop().time
        self._written_at = self._now()
        # Who writes while the client is slow. Others must wait, so that records stay whole and in order.
        self._turn: asyncio.Lock | None = None
        self._writer = exchange_of(send)

    @property
    def has_ended(self) -> bool:
        """Whether the last is written."""
        return self._ended

    @property
    def is_ready(self) -> bool:
        """Whether `write_now` may be called."""
        writer, turn = self._writer, self._turn
        return writer is not None and writer.is_ready and (turn is None or not turn.locked())

    def write_now(self, data: bytes) -> None:
        """What `write` does, for a response that has begun and a client that keeps up."""
        if self._writer is not None:
            self._writer.write(data)
            self._written_at = self._now()

    def put(self, data: bytes, *, last: bool = False) -> Awaitable[None] | None:
        """`write`, and nothing to wait for where it is written."""
        if data and not self._is_busy and self._is_written(data, last=last):
            return None
        return self.write(data, last=last)

    async def write(self, data: bytes, *, last: bool = False, failed: bool = False) -> None:
        if data and not self._is_busy and self._is_written(data, last=last):
            return
        if self._turn is None:
            self._turn = asyncio.Lock()
        async with self._turn:
            if self._ended:  # a sign of life that came too late
                return
            await self._write(data, last=last, failed=failed)
            self._ended = last
            self._written_at = self._now()

    @property
    def _is_busy(self) -> bool:
        return self._turn is not None and self._turn.locked()

    def _is_written(self, data: bytes, *, last: bool) -> bool:
        """Write without waiting for anything, where that can be had: the first record with the head."""
        writer = self._writer
        if writer is None or self._ended:
            return False
        if not self._started:
            if not writer.begin(_STREAM_HEAD + _lines(self._headers), data, last=last):
                return False
            self._started, self._ended = True, last
        elif not writer.is_ready:
            return False
        elif last:
            writer.end(data)
            self._ended = True
        else:
            writer.write(data)
        self._written_at = self._now()
        return True

    async def _write(self, data: bytes, *, last: bool, failed: bool) -> None:
        if not self._started:
            self._started = True
            headers = [*_STREAM_HEADERS, *self._headers]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        told = {FAILED: True} if failed else {}
        await self._send({"type": "http.response.body", "body": data, "more_body": not last, **told})

    def kept_alive(self, record: bytes) -> AbstractContextManager[None]:
        """Say this whenever nothing else was said for a while, as long as the context lasts."""
        rounds = Rounds(asyncio.get_running_loop()) if self._writer is None else self._writer.rounds
        return KeptAlive(self, record, rounds)

    @property
    def sign_due(self) -> float:
        """When a sign of life is wanted, by the loop's clock."""
        return self._written_at + _QUIET_SECONDS

    async def fail(self, error: BridgeError, record: bytes) -> None:
        """End with an error: with its status if nothing was said yet, else with its record."""
        if self._started:
            await self.write(record, last=True, failed=True)
        else:
            await respond_error(self._send, error, *self._headers, wording=self._wording)


class StreamedAnswer(msgspec.Struct):
    """The records of one response, one write for everything that came at once."""

    _stream: EventStream
    _encoder: Encoder
    _way: ShortWay | None = None

    def write_now(self, events: Sequence[ChatEvent]) -> bool:
        """Write them, if the response has begun and its client keeps up."""
        if not self._stream.is_ready:
            return False
        if data := self._encoder.encode(events):
            self._stream.write_now(data)
        return True

    async def give(self, answer: Giving, way: ShortWay | None = None) -> None:
        """Send the answer, however it ends; its words by the short way where there is one."""
        self._way = way
        try:
            with self._stream.kept_alive(self._encoder.keep_alive):
                await answer(self._take)
                if not self._stream.has_ended:
                    await self._stream.write(self._encoder.done(), last=True)
        except Exception as error:
            await self._fail(error)

    async def give_several(self, answers: Sequence[Giving], *, tolerant: bool) -> None:
        """Send all answers as they come, by their index. `tolerant`: one that fails leaves the others be."""
        with self._stream.kept_alive(self._encoder.keep_alive):
            failures = await at_once(answers, self._take_of, tolerant=tolerant)
        if fatal := failures.fatal:
            await self._fail(fatal)
            return
        for index, error in failures.by_index.items():
            await self._stream.write(self._encoder.encode(_note(error), index))
        await self._stream.write(self._encoder.done(), last=True)

    def _take(self, batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
        way = self._way
        if not batch or way is None:
            return self._take_of(0, batch)
        way.writer = self
        data, last = self._encoder.encode(batch), way.is_last and type(batch[-1]) is Finished
        return self._stream.put(data + self._encoder.done() if last else data, last=last)

    def _take_of(self, index: int, batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
        return self._stream.put(self._encoder.encode(batch, index) if batch else self._encoder.keep_alive)

    async def _fail(self, error: Exception) -> None:
        told = known(error)
        await self._stream.fail(told, self._encoder.error(told))


async def give_whole(
    send: Send,
    answers: Sequence[Giving],
    body: Callable[[Sequence[Completion]], bytes],
    *headers: Header,
    wording: Wording = error_response,
    tolerant: bool = False,
    lists_sources: bool = True,
) -> None:
    """The answers as one JSON body, or an error with its status. `body` is how the dialect writes them."""
    folded = [Answer(lists_sources=lists_sources) for _ in answers]

    def take(index: int, batch: Sequence[ChatEvent]) -> None:
        folded[index].add(batch)

    failures = await at_once(answers, take, tolerant=tolerant)
    try:
        _raise_fatal(failures)
        for index, error in failures.by_index.items():
            folded[index].add(_note(error))
        whole = body([answer.completion() for answer in folded])
    except Exception as error:
        await respond_error(send, known(error), *headers, wording=wording)
    else:
        writer = exchange_of(send)
        if writer is None or not writer.give(_WHOLE_HEAD + _lines(headers), whole):
            await respond(send, 200, whole, JSON, *headers)


def _raise_fatal(failures: Failures) -> None:
    if failures.fatal is not None:
        raise failures.fatal


def _note(error: Exception) -> Sequence[ChatEvent]:
    """What stands in the place of a picture that failed while others did not."""
    return (TextDelta(f"[This picture failed: {known(error).message}]"), Finished(FinishReason.STOP))


def known(error: Exception) -> BridgeError:
    """The error as clients may see it. Any other is a bug: logged whole, told in one sentence."""
    if isinstance(error, BridgeError):
        _log.info("request failed", code=error.code, status=error.status, reason=error.message[:300])
        return error
    _log.error("internal error", exc_info=error)
    return BridgeError(
        "Something went wrong inside the bridge. The log of lmarena-bridge says more; please report it."
    )
