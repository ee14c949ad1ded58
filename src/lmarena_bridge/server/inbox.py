"""Where the deliveries of one job wait for its owner. Bounded by the stream's credit, not by a queue size."""

import asyncio
from collections.abc import Callable
from typing import Self

from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened


class Inbox:
    """An asynchronous iterator over deliveries, up to and with Completed; raises what broke the job.

    Bytes that came while the owner was busy are handed over as one piece, so that a burst costs one wake-up
    and one write. `used` is told how many bytes the owner has done with, about `share` of them at a time.
    """

    __slots__ = (
        "_completed",
        "_deliveries",
        "_share",
        "_short_way",
        "_taken",
        "_untold",
        "_used",
        "_waiter",
        "tab",
    )

    def __init__(self, used: Callable[[int], None], share: int = 1) -> None:
        self._used = used
        self._share = share
        self._untold = 0
        # Thousands of jobs may wait for their first word: a deque would cost each of them 600 bytes.
        self._deliveries: list[Delivery] = []
        self._waiter: asyncio.Future[None] | None = None
        self._taken = 0
        self._completed = False
        self._short_way: Callable[[bytes], bool] | None = None
        # Through which tab the response comes, as soon as its owner knows.
        self.tab: str | None = None

    def short_cut(self, passes: Callable[[bytes], bool]) -> None:
        """Offer bytes to `passes` first, whenever the owner has nothing before them and waits for more."""
        self._short_way = passes

    def put(self, delivery: Delivery) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            self._deliveries.append(delivery)
        elif (
            self._short_way is not None
            and isinstance(delivery, Arrived)
            and self._short_way(delivery.payload)
        ):
            self._done_with(len(delivery.payload))
        else:
            self._deliveries.append(delivery)
            waiter.set_result(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Delivery:
        while (delivery := self.take()) is None:
            if self._completed:
                raise StopAsyncIteration
            await self.arrival()
        return delivery

    def take(self) -> Delivery | None:
        """The next delivery, if it is here. Whoever asks has done with the one before."""
        if self._taken:
            taken, self._taken = self._taken, 0
            self._done_with(taken)
        deliveries = self._deliveries
        if not deliveries:
            return None
        delivery = deliveries[0]
        if isinstance(delivery, Arrived):
            delivery = self._join(delivery)
            self._taken = len(delivery.payload)
            return delivery
        del deliveries[0]
        if isinstance(delivery, Broken):
            raise delivery.error
        if isinstance(delivery, Opened):
            self.tab = delivery.tab
        self._completed = isinstance(delivery, Completed)
        return delivery

    def arrival(self) -> asyncio.Future[None]:
        """To be waited for when nothing is here."""
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        return waiter

    def _done_with(self, count: int) -> None:
        self._untold += count
        if self._untold >= self._share:
            told, self._untold = self._untold, 0
            self._used(told)

    def _join(self, first: Arrived) -> Arrived:
        """What came with it, too."""
        deliveries = self._deliveries
        if len(deliveries) == 1 or not isinstance(deliveries[1], Arrived):
            del deliveries[0]
            return first
        pieces = [first.payload]
        for following in deliveries[1:]:
            if not isinstance(following, Arrived):
                break
            pieces.append(following.payload)
        del deliveries[: len(pieces)]
        return Arrived(b"".join(pieces))
