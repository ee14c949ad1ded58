"""One session asked once: what a tab delivers, read into the events of an answer and given to who takes them.

It is read where it comes: while its owner, a coroutine, waits, the tab's own read has it read and written
(`Reading.push`). The owner has something to do only when the attempt is over, or when whoever takes the
answer must be waited for. Between the tab's bytes and the client's there is no turn of the loop then.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import msgspec

from lmarena_bridge.core.chat.events import ChatEvent, Finished, Take
from lmarena_bridge.core.chat.patience import Patience
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES, is_refusal, refusal
from lmarena_bridge.core.site.short_way import Passage, ShortWay
from lmarena_bridge.core.site.stream import StreamParser
from lmarena_bridge.core.site.target import Target
from lmarena_bridge.core.tabs.effects import Arrived, Completed, Delivery, Opened

Found = TypeVar("Found")


class Deliveries(Protocol):
    """What a job gets back, in order: an iterator, and the steps of which its own are made."""

    def __aiter__(self) -> AsyncIterator[Delivery]: ...
    async def __anext__(self) -> Delivery: ...

    def read(self, hear: Callable[[Delivery], Found]) -> Found | None:
        """Have `hear` take what is here, one after the other, until it finds something.

        Raises what broke the job, and what `hear` raises.
        """

    def arrival(self, read: Callable[[], bool] | None = None) -> Awaitable[None]:
        """To be waited for; `read` is called for what comes or is here, see `Reading.push`."""

    @property
    def is_ending(self) -> bool:
        """Whether Completed is next, and here."""
        ...

    def short_cut(self, passes: Callable[[bytes], bool]) -> None:
        """Offer bytes to `passes` first, whenever nothing is before them and `arrival` is waited for."""


class Clocks(Protocol):
    """Time: see `World`."""

    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def steady(self) -> Callable[[], float]: ...


class Attempt(msgspec.Struct):
    """By the job of this id; through which tab is known when the response has begun.

    `context`: leaving it cancels the job. `at_work`: the session is, until this is left. `begun`: events were
    given; `giving`: some are being taken, or whoever takes them has failed.
    """

    target: Target
    job: str
    context: AbstractContextManager[Deliveries]
    at_work: AbstractContextManager[None]
    tab: str = ""
    profile: str | None = None
    begun: bool = False
    giving: bool = False


class Reading(msgspec.Struct):
    """The deliveries of one attempt. `worked` is told when the first events were given."""

    attempt: Attempt
    take: Take
    worked: Callable[[Attempt], None]
    deliveries: Deliveries
    parser: StreamParser
    passage: Passage
    patience: Patience
    way: ShortWay
    clocks: Clocks
    # Whether the response has ended, and well, and all of it is given.
    complete: bool = False
    _ended: bool = False
    # What `push` has left to the owner.
    _until: Awaitable[object] | None = None
    _failure: Exception | None = None

    def push(self) -> bool:
        """Read and give all that is here; whether there is nothing left to the owner but to wait for more."""
        try:
            self._until = until = self.deliveries.read(self._hear)
        except Exception as error:
            self._failure = error
            return False
        if until is None:
            self.complete = self._ended
            return not self._ended
        return False

    def left(self) -> Awaitable[object] | None:
        """What `push` has left to the owner: to be waited for, and then to be said `taken`.

        Raises BridgeError, and what `take` raises.
        """
        if (failure := self._failure) is not None:
            self._failure = None  # its traceback leads here
            raise failure
        until, self._until = self._until, None
        return until

    def taken(self) -> None:
        """What was `left` was waited for. Raises BridgeError."""
        self._given()
        self.complete = self._ended

    def leave(self) -> None:
        """The owner waits for nothing any more."""
        until, self._until = self._until, None
        if (close := getattr(until, "close", None)) is not None:
            close()

    def _hear(self, delivery: Delivery) -> Awaitable[None] | None:
        if type(delivery) is Arrived:
            return self._arrived(delivery.payload)
        if type(delivery) is Completed:
            self._ended = True
            return self._give(last) if (last := self.parser.close()) else None
        if type(delivery) is Opened:
            self.attempt.tab, self.attempt.profile = delivery.tab, delivery.profile
            return self._refuse(delivery) if is_refusal(delivery.status, delivery.headers) else None
        self.patience.heard_at = self.clocks.steady()
        return self._give(())

    async def _refuse(self, opened: Opened) -> None:
        """Raise what the site says instead of an answer."""
        body = await _first_bytes(self.deliveries)
        raise refusal(opened.status, opened.headers, body, now=self.clocks.clock())

    def _arrived(self, payload: bytes) -> Awaitable[None] | None:
        if not (events := self.passage.long(payload)):
            return self._give(()) if self._wants_sign() else None
        if type(events[-1]) is Finished:
            self.way.is_last = self.deliveries.is_ending
        until = self._give(events)
        self.patience.heard_at = self.clocks.steady()
        return until

    def _wants_sign(self) -> bool:
        """The site is drawing and says so; the client would hear nothing. Raises TabSilent."""
        now = self.clocks.steady()
        if self.passage.has_spoken():
            self.patience.heard_at = now
            return False
        return self.patience.wants_sign(now)

    def _give(self, events: Sequence[ChatEvent]) -> Awaitable[None] | None:
        """No events: that it still takes time."""
        attempt = self.attempt
        attempt.giving = True
        until = self.take(events)
        if not attempt.begun and events:
            attempt.begun = True
            self.worked(attempt)
        if until is None:
            self._given()
        return until

    def _given(self) -> None:
        self.attempt.giving = False
        # What went wrong right after them is not kept until the next bytes come.
        if (failure := self.parser.failure) is not None:
            raise failure


async def _first_bytes(deliveries: AsyncIterator[Delivery]) -> bytes:
    """As much of a refusal as is needed to understand it."""
    body = b""
    async for delivery in deliveries:
        if isinstance(delivery, Arrived):
            body += delivery.payload
        if len(body) >= MAX_REFUSAL_BYTES:
            break
    return body[:MAX_REFUSAL_BYTES]
