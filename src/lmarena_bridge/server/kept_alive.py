"""A sign of life whenever a stream has been silent for a while, at the price of being looked at."""

import asyncio
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Final, Protocol, Self

from lmarena_bridge.server.rounds import Waiting

# Clients give up without a sign of life, some without the headers (clients.md 0.5).
_QUIET_SECONDS: Final = 10.0


class LooksAfter(Protocol):
    """Who looks after streams: Rounds, or the exchange that a stream answers."""

    def add(self, waiting: Waiting, at: float, /) -> None: ...
    def remove(self, waiting: Waiting, at: float, /) -> None: ...


class KeptAlive(ABC):
    """A stream. A task is made only when there is something to say: mostly there is not.

    Whoever makes one sets `looks_after`, and `said_at` whenever something is said: by the loop's clock. No
    __init__ and no property, for each request has one of these.
    """

    __slots__ = ("_due", "_saying", "_sign", "looks_after", "said_at")

    looks_after: LooksAfter
    said_at: float
    _sign: bytes
    _due: float
    _saying: asyncio.Task[None] | None

    @abstractmethod
    async def write(self, data: bytes) -> None:
        """Say it."""

    def kept_alive(self, sign: bytes) -> Self:
        """Say this whenever nothing else was said for a while, as long as the context lasts."""
        self._sign = sign
        return self

    def __enter__(self) -> None:
        self._saying = None
        self._due = due = self.said_at + _QUIET_SECONDS
        self.looks_after.add(self, due)

    # The next time as the first.
    _wait = __enter__

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.looks_after.remove(self, self._due)
        if self._saying is not None:
            self._saying.cancel()

    def look(self) -> None:
        """Is it silent still?"""
        loop = asyncio.get_running_loop()
        if loop.time() < self.said_at + _QUIET_SECONDS:
            self._wait()
        else:
            self._saying = loop.create_task(self._speak())

    async def _speak(self) -> None:
        await self.write(self._sign)
        self._wait()
