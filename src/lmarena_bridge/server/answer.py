"""An answer's events become an HTTP response, in any dialect: the one place where errors become wire.

Before the first byte an error has its true status, even for a streamed request; after it, it is said in the
stream (design.md 9).
"""

from collections.abc import Awaitable, Callable, Sequence
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
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.headers import lines
from lmarena_bridge.server.wire import JSON, SAFE, Header, Send, respond, respond_error

_JSON_HEAD: Final = lines((JSON, *SAFE))

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


class StreamedAnswer(msgspec.Struct):
    """The records of one response, one write for everything that came at once."""

    _stream: EventStream
    _encoder: Encoder
    _way: ShortWay | None = None

    def write_now(self, events: Sequence[ChatEvent]) -> bool:
        """Write them, if the response has begun and its client keeps up."""
        return self._stream.write_now(self._encoder.encode, events)

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
        finally:
            # Each would keep the other, and with it all of the answer, until the collector looks.
            self._way = None

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
        data = self._encoder.encode(batch)
        if way.is_last and type(batch[-1]) is Finished:
            return self._stream.put(data + self._encoder.done(), last=True)
        return self._stream.put(data)

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
        if writer is None or not writer.give(_JSON_HEAD + lines(headers), whole):
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
