"""Where the deliveries of one job wait for its owner. Bounded by the stream's credit, not by a queue size.

An owner that waits may have what comes read where it comes, in the tab's own read: then there is no turn of
the loop between the tab's bytes and the client's. It is woken when something is left for it to do.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TypeVar

import msgspec

from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened

Found = TypeVar("Found")


class Jobs(Protocol):
    """Whoever has the jobs done."""

    def used(self, job: str, count: int) -> None:
        """The job's owner has done with so many bytes."""

    def left(self, job: str) -> None:
        """Nobody waits for the job any more."""


class Inbox(msgspec.Struct, eq=False):
    """An asynchronous iterator over deliveries, up to and with Completed; raises what broke the job.

    Bytes that came while the owner was busy are handed over as one piece, so that a burst costs one wake-up
    and one write. `jobs` is told how many bytes the owner has done with, about `share` of them at a time,
    and when the context is left.
    """

    _job: str
    _jobs: Jobs
    _share: int = 1
    # The one that runs, where that is known: to ask is a system call in Python 3.11.
    _loop: asyncio.AbstractEventLoop | None = None
    _untold: int = 0
    # Thousands of jobs may wait for their first word: a deque would cost each of them 600 bytes.
    _deliveries: list[Delivery] = []
    _waiter: asyncio.Future[None] | None = None
    _completed: bool = False
    _short_way: Callable[[bytes], bool] | None = None
    _read: Callable[[], bool] | None = None
    # Through which tab the response comes, as soon as its owner knows.
    tab: str | None = None
    # Whether the job has ended well, and its owner knows.
    is_over: bool = False

    # As a generator, the context would cost four times as much for each request.
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._read = None  # it would lead back here
        self._jobs.left(self._job)

    # -- what the hub puts in ------------------------------------------------------------------------------

    def put(self, *deliveries: Delivery) -> None:
        """What came in one moment, in order: an owner that waits for it has it read, or is woken."""
        self._deliveries += deliveries
        waiter, read = self._waiter, self._read
        if waiter is None or waiter.done() or (read is not None and read()):
            return
        self._waiter = self._read = None
        if not waiter.done():  # it may be cancelled by what was read
            waiter.set_result(None)

    def put_bytes(self, payload: bytes) -> None:
        """`put` for what has arrived alone."""
        passes, waiter = self._short_way, self._waiter
        if passes is None or waiter is None or waiter.done() or not passes(payload):
            self.put(Arrived(payload))
            return
        self._untold += len(payload)
        if self._untold >= self._share:
            self._tell_used()

    # -- what the owner takes out --------------------------------------------------------------------------

    def short_cut(self, passes: Callable[[bytes], bool]) -> None:
        """Offer bytes to `passes` first, whenever the owner has nothing before them and waits for more."""
        self._short_way = passes

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Delivery:
        while (delivery := self.take()) is None:
            if self._completed:
                raise StopAsyncIteration
            await self.arrival()
        self._completed = isinstance(delivery, Completed)
        return delivery

    def take(self) -> Delivery | None:
        """The next delivery, if it is here. Whoever asks has done with the one before."""
        if self._untold >= self._share:
            self._tell_used()
        return self.read(_itself)

    def read(self, hear: Callable[[Delivery], Found]) -> Found | None:
        """Have `hear` take what is here, one after the other, until it finds something.

        What it was found in is done with when more is taken or waited for. Raises what broke the job, and
        what `hear` raises.
        """
        deliveries = self._deliveries
        while deliveries:
            delivery = deliveries.pop(0)
            if type(delivery) is Arrived:
                if deliveries and type(deliveries[0]) is Arrived:
                    delivery = self._joined(delivery)
                self._untold += len(delivery.payload)
            elif type(delivery) is Completed:
                self.is_over = True
            elif type(delivery) is Opened:
                self.tab = delivery.tab
            elif type(delivery) is Broken:
                raise delivery.error
            if (found := hear(delivery)) is not None:
                return found
        if self._untold >= self._share:
            self._tell_used()
        return None

    @property
    def is_ending(self) -> bool:
        """Whether Completed is next, and here."""
        deliveries = self._deliveries
        return bool(deliveries) and type(deliveries[0]) is Completed

    def arrival(self, read: Callable[[], bool] | None = None) -> asyncio.Future[None]:
        """To be waited for by who has done with all that it took.

        `read` is called for whatever is here or comes, to read it there and then, and says whether more must
        be waited for.
        """
        loop = self._loop or asyncio.get_running_loop()
        self._waiter = waiter = loop.create_future()
        self._read = read
        if self._untold >= self._share:
            self._tell_used()
        if self._deliveries:
            self.put()
        return waiter

    def _tell_used(self) -> None:
        told, self._untold = self._untold, 0
        self._jobs.used(self._job, told)

    def _joined(self, first: Arrived) -> Arrived:
        """These bytes, and those that came right after them."""
        deliveries, pieces = self._deliveries, [first.payload]
        for following in deliveries:
            if type(following) is not Arrived:
                break
            pieces.append(following.payload)
        del deliveries[: len(pieces) - 1]
        return Arrived(b"".join(pieces))


def _itself(delivery: Delivery) -> Delivery:
    return delivery
