"""An answer's events become an HTTP response: the one place where errors become wire.

Before the first byte an error has its true status, even for a streamed request; after it, it is said in the
stream (design.md 9).
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog

from lmarena_bridge.core.api.openai.responses import completion_body
from lmarena_bridge.core.api.openai.stream import ChunkEncoder
from lmarena_bridge.core.api.sse import KEEP_ALIVE
from lmarena_bridge.core.chat.completion import Answer
from lmarena_bridge.core.chat.events import ChatEvent
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.wire import JSON, SAFE, Header, Send, respond, respond_error

Batches = AsyncGenerator[Sequence[ChatEvent], None]

# Proxies that buffer would hold every chunk back.
_STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    *SAFE,
)

_log = structlog.get_logger(__name__)


class StreamedAnswer:
    """Server-sent events, one write for everything that came at once."""

    def __init__(self, send: Send, encoder: ChunkEncoder, *headers: Header) -> None:
        self._send = send
        self._encoder = encoder
        self._headers = headers
        self._started = False

    async def give(self, batches: Batches) -> None:
        """Send the answer, however it ends."""
        try:
            async with aclosing(batches):
                async for batch in batches:
                    await self._write(self._encoder.encode(batch) if batch else KEEP_ALIVE)
            await self._write(self._encoder.done(), last=True)
        except Exception as error:
            await self._fail(known(error))

    async def _write(self, data: bytes, *, last: bool = False) -> None:
        if not self._started:
            self._started = True
            headers = [*_STREAM_HEADERS, *self._headers]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def _fail(self, error: BridgeError) -> None:
        if self._started:
            await self._write(self._encoder.error(error), last=True)
        else:
            await respond_error(self._send, error, *self._headers)


async def give_whole(
    send: Send, batches: Batches, *, answer_id: str, created: int, model: str, headers: Sequence[Header]
) -> None:
    """The answer as one JSON body, or an error with its status."""
    answer = Answer()
    try:
        async with aclosing(batches):
            async for batch in batches:
                answer.add(batch)
        body = completion_body(answer.completion(), id=answer_id, created=created, model=model)
    except Exception as error:
        await respond_error(send, known(error), *headers)
    else:
        await respond(send, 200, body, JSON, *headers)


def known(error: Exception) -> BridgeError:
    """The error as clients may see it. Any other is a bug: logged whole, told in one sentence."""
    if isinstance(error, BridgeError):
        _log.info("request failed", code=error.code, status=error.status, reason=error.message[:300])
        return error
    _log.error("internal error", exc_info=error)
    return BridgeError(
        "Something went wrong inside the bridge. The log of lmarena-bridge says more; please report it."
    )
