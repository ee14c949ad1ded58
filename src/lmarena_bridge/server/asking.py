"""What the routes that answer questions have in common: the body is read, the question asked."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from lmarena_bridge.answering import Begun
from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.core.api.uploads import NO_FILES, Files
from lmarena_bridge.core.chat.events import Take
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.body import body_at_once, read_body
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.pictures import GivenPictures, links_will_do
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import Receive, Scope

Body = TypeVar("Body")
Call = TypeVar("Call")

# Up to here it takes about a millisecond; what is larger is looked at in a thread.
_LARGE_BYTES: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class Reading(Generic[Body, Call]):
    """How a dialect reads a body.

    In two steps, for the body must not be there any more when its files are looked at. `at_once`: what the
    first step has found out already, if it has found out all.
    """

    decode: Callable[[Buffer], Body]
    uploads_wanted: Callable[[Body], tuple[str, ...]]
    read: Callable[[Body, Files], Call]
    at_once: Callable[[Body], Call | None] = lambda _: None


def call_at_once(
    services: Services, scope: Scope, receive: Receive, reading: Reading[Body, Call]
) -> Call | Coroutine[Any, Any, Call]:
    """As `read_call`, here and now where nothing must be waited for; else what is to be awaited for it."""
    body = body_at_once(receive, services.configs.latest.settings.max_body_bytes)
    if body is not None and len(body) <= _LARGE_BYTES:
        decoded = reading.decode(body)
        if (call := reading.at_once(decoded)) is not None:
            return call
        if not reading.uploads_wanted(decoded):
            return reading.read(decoded, NO_FILES)
    return read_call(services, scope, receive, reading, body)


async def read_call(
    services: Services,
    scope: Scope,
    receive: Receive,
    reading: Reading[Body, Call],
    body: Buffer | None = None,
) -> Call:
    """What the client asks; `body`, if it was taken already. Raises ClientError, ClientLeft."""
    if body is None:
        body = await read_body(receive, services.configs.latest.settings.max_body_bytes)
    is_large = len(body) > _LARGE_BYTES
    decoded = await asyncio.to_thread(reading.decode, body) if is_large else reading.decode(body)
    del body
    wanted = reading.uploads_wanted(decoded)
    files = await services.files.attachments(wanted, caller_of(scope).owner) if wanted else NO_FILES
    if is_large:
        return await asyncio.to_thread(reading.read, decoded, files)
    return reading.read(decoded, files)


class AnswerOf:
    """The answer, its pictures where the client finds them.

    Not a function with what it holds: that would keep half a kilobyte as long as the answer takes. And no
    struct: those show their fields in every traceback, and the services know secrets.

    `way`: where its words may go by the short way.
    """

    __slots__ = ("_begun", "_request", "_server", "_services", "way")

    def __init__(
        self, services: Services, request: ChatRequest, server: str, begun: Begun | None = None
    ) -> None:
        """`server`: our address as the client knows it. `begun`: the answer, if a tab is asked already."""
        self._services = services
        self._request = request
        self._server = server
        self._begun = begun
        self.way: ShortWay | None = None

    def __call__(self, take: Take) -> Awaitable[None]:
        services, request, begun = self._services, self._request, self._begun
        settings = services.configs.latest.settings
        if not links_will_do(settings):
            take = GivenPictures(services.pictures, take, settings, self._server, request).take
        self._begun = None
        return services.answering.chat(request, take, self.way, begun)


def lists_sources(services: Services, request: ChatRequest) -> bool:
    """Whether sources stand at the end of the text. A list behind JSON would make it none."""
    return request.format is None and services.configs.latest.settings.sources_in_text
