"""The same request twice is asked once: a layer in front of all routes that ask the site.

Who sends an `Idempotency-Key` gets their answer through a recording: whoever comes with the same key and the
same body reads along, or reads it again. When the last reader has left, the answer goes on for a short while,
for a client that lost its connection comes back within seconds; then it is given up like any other.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from operator import itemgetter
from typing import Any, Final

from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.core.api.idempotency import KeptAnswer, KeptAnswers, Key
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import BridgeError, InvalidRequest
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.headers import values
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.wire import (
    FAILED,
    App,
    ClientLeft,
    Message,
    Receive,
    Scope,
    Send,
    respond_error,
)

_HEADER: Final = b"idempotency-key"
_NAME: Final = itemgetter(0)
_LONGEST_KEY: Final = 255
# What costs nothing at the site needs no such care.
_NOT_ASKED: Final = ("/v1/files",)
_REPLAYED: Final = (b"idempotent-replayed", b"true")


class Idempotent:
    """An application whose answers are kept under the keys that clients give them."""

    def __init__(
        self,
        app: App,
        settings: Callable[[], Settings],
        clock: Callable[[], float],
        refused: Callable[[Scope, BridgeError], None] = lambda *_: None,
    ) -> None:
        """`clock`: monotonic. `refused`: is told of keys that are no good."""
        self._app = app
        self._settings = settings
        self._clock = clock
        self._refused = refused
        self._kept = KeptAnswers()
        self._recordings: dict[KeptAnswer, _Recording] = {}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if not asks_with_key(scope) or not (keep := self._settings().idempotency_keep_seconds):
            return self._app(scope, receive, send)
        return self._once(scope, receive, send, keep)

    async def _once(self, scope: Scope, receive: Receive, send: Send, keep: float) -> None:
        try:
            key = _key(scope)
            body = await read_body(receive, self._settings().max_body_bytes)
            fingerprint = await asyncio.to_thread(_fingerprint, scope, body)
            known = self._kept.find(key, fingerprint, self._clock(), keep)
        except BridgeError as error:
            self._refused(scope, error)
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            if known is not None:
                await self._recordings.get(known, _Recording(known)).read(receive, send, again=True)
            else:
                await self._first(scope, body, receive, send, self._kept.begin(key, fingerprint))

    async def _first(
        self, scope: Scope, body: Buffer, receive: Receive, send: Send, answer: KeptAnswer
    ) -> None:
        recording = self._recordings[answer] = _Recording(answer)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._record(scope, body, recording))
            await recording.read(receive, send)
            if not await recording.ended(self._settings().idempotency_grace_seconds):
                self._kept.forget(answer)
                recording.give_up()

    async def _record(self, scope: Scope, body: Buffer, recording: "_Recording") -> None:
        """Have the request answered into the recording."""
        asked = [body]

        async def receive() -> Message:
            if asked:
                return {"type": "http.request", "body": asked.pop(), "more_body": False}
            await recording.given_up.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message.get("status", 200) >= 400 or message.get(FAILED):
                recording.answer.failed = True
            await recording.room()
            self._kept.add(recording.answer, message)
            recording.tell()

        try:
            await self._app(scope, receive, send)
        except BaseException:
            recording.answer.failed = True
            raise
        finally:
            del self._recordings[recording.answer]
            self._kept.end(recording.answer, self._clock())
            recording.tell()


class _Recording:
    """An answer that is being written, or was, and those who read it."""

    def __init__(self, answer: KeptAnswer) -> None:
        self.answer = answer
        self.given_up = asyncio.Event()
        self._readers: dict[object, int] = {}
        self._news = asyncio.Event()

    def tell(self) -> None:
        """Something has changed: everybody who waits looks again."""
        self._news.set()
        self._news = asyncio.Event()

    async def read(self, receive: Receive, send: Send, *, again: bool = False) -> None:
        """Give a client the answer from its beginning to its end, or until it leaves."""
        reader = object()
        self._readers[reader] = 0
        try:
            await while_client_stays(receive, self._give(reader, send, again=again))
        finally:
            del self._readers[reader]
            self.tell()

    async def room(self) -> None:
        """Return when one more message may be written: of a long answer only what all have read is let go."""
        while self.answer.too_long and not self.given_up.is_set():
            self.answer.drop(min(self._readers.values(), default=self.answer.dropped))
            if not self.answer.messages:
                return
            await self._news.wait()

    async def ended(self, grace: float) -> bool:
        """True when the answer has ended; False when nobody has read it for `grace` seconds."""
        while self.answer.ended_at is None:
            try:
                async with asyncio.timeout(None if self._readers else grace):
                    await self._change()
            except TimeoutError:
                return False
        return True

    async def _change(self) -> None:
        """Return when the first reader has come, the last one has left, or the answer has ended."""
        read = bool(self._readers)
        while bool(self._readers) is read and self.answer.ended_at is None:
            await self._news.wait()

    def give_up(self) -> None:
        self.given_up.set()
        self.tell()

    async def _give(self, reader: object, send: Send, *, again: bool) -> None:
        answer = self.answer
        while True:
            while (number := self._readers[reader]) < answer.last:
                message = answer.messages[number - answer.dropped]
                await send(_marked(message) if again and "headers" in message else {**message})
                self._readers[reader] = number + 1
                if answer.too_long:
                    self.tell()
            if answer.ended_at is not None:
                return
            await self._news.wait()


def asks_with_key(scope: Scope) -> bool:
    """Whether it is a request whose answer may be kept."""
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and _HEADER in map(_NAME, scope["headers"])
        and scope["path"].startswith("/v1/")
        and not scope["path"].startswith(_NOT_ASKED)
    )


def _key(scope: Scope) -> Key:
    given = values(scope["headers"], _HEADER)
    if len(given) != 1 or not 0 < len(given[0]) <= _LONGEST_KEY:
        raise InvalidRequest(
            f"The header Idempotency-Key must stand there once, with 1 to {_LONGEST_KEY} characters; a new "
            "random text for each request is best."
        )
    return caller_of(scope).name, given[0]


def _fingerprint(scope: Scope, body: Buffer) -> bytes:
    """Whether it is the very same request: where it goes to, and every byte of it."""
    digest = hashlib.sha256(scope["path"].encode() + b"\0")
    digest.update(body)
    return digest.digest()


def _marked(message: Mapping[str, Any]) -> Message:
    return {**message, "headers": [*message["headers"], _REPLAYED]}
