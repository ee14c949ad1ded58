"""Where the deliveries of one job wait for its owner. Bounded by the stream's credit, not by a queue size."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Self

from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery


class Inbox:
    """An asynchronous iterator over deliveries, up to and with Completed; raises what broke the job.

    Bytes that came while the owner was busy are handed over as one piece, so that a burst costs one wake-up
    and one write. `used` is told how many bytes the owner has done with, about `share` of them at a time.
    """

    __slots__ = ("_completed", "_deliveries", "_share", "_short_way", "_taken", "_untold", "_used", "_waiter")

    def __init__(self, used: Callable[[int], None], share: int = 1) -> None:
        self._used = used
        self._share = share
        self._untold = 0
        self._deliveries: deque[Delivery] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._taken = 0
        self._completed = False
        self._short_way: Callable[[bytes], bool] | None = None

    def short_cut(self, passes: Callable[[bytes], bool]) -> None:
        """Offer bytes to `passes` first, whenever the owner has nothing before them and waits for more."""
        self._short_way = passes

    def put(self, delivery: Delivery) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            self._deliveries.append(delivery)
        elif isinstance(delivery, Arrived) and self._short_way and self._short_way(delivery.payload):
            self._done_with(len(delivery.payload))
        else:
            self._deliveries.append(delivery)
            waiter.set_result(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Delivery:
        if self._taken:
            taken, self._taken = self._taken, 0
            self._done_with(taken)
        if self._completed:
            raise StopAsyncIteration
        if not self._deliveries:
            await self._arrival()
        return self._next()

    def _done_with(self, count: int) -> None:
        self._untold += count
        if self._untold >= self._share:
            told, self._untold = self._untold, 0
            self._used(told)

    async def _arrival(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _next(self) -> Delivery:
        delivery = self._deliveries.popleft()
        match delivery:
            case Broken(error):
                raise error
            case Completed():
                self._completed = True
            case Arrived():
                delivery = self._join(delivery)
                self._taken = len(delivery.payload)
            case _:
                pass
        return delivery

    def _join(self, first: Arrived) -> Arrived:
        if not self._deliveries or not isinstance(self._deliveries[0], Arrived):
            return first
        pieces = [first.payload]
        while self._deliveries and isinstance(following := self._deliveries[0], Arrived):
            pieces.append(following.payload)
            self._deliveries.popleft()
        return Arrived(b"".join(pieces))
