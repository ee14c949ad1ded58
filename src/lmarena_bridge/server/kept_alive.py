"""A sign of life whenever a stream has been silent for a while, at the price of being looked at."""

import asyncio
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Protocol, Self

from lmarena_bridge.server.rounds import Waiting


class LooksAfter(Protocol):
    """Who looks after streams: Rounds, or the exchange that a stream answers."""

    def add(self, waiting: Waiting, at: float, /) -> None: ...
    def remove(self, waiting: Waiting, at: float, /) -> None: ...


class KeptAlive(ABC):
    """A stream. A task is made only when there is something to say: mostly there is not."""

    __slots__ = ("_due", "_looks_after", "_saying", "_sign")

    def __init__(self, looks_after: LooksAfter) -> None:
        self._looks_after = looks_after
        self._sign: bytes
        self._due: float
        self._saying: asyncio.Task[None] | None = None

    @property
    @abstractmethod
    def sign_due(self) -> float:
        """When the next sign is wanted, by the loop's clock: later whenever something else is said."""

    @abstractmethod
    async def write(self, data: bytes) -> None:
        """Say it."""

    def kept_alive(self, sign: bytes) -> Self:
        """Say this whenever nothing else was said for a while, as long as the context lasts."""
        self._sign = sign
        return self

    def __enter__(self) -> None:
        self._due = due = self.sign_due
        self._looks_after.add(self, due)

    # The next time as the first.
    _wait = __enter__

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._looks_after.remove(self, self._due)
        if self._saying is not None:
            self._saying.cancel()

    def look(self) -> None:
        """Is it silent still?"""
        loop = asyncio.get_running_loop()
        if loop.time() < self.sign_due:
            self._wait()
        else:
            self._saying = loop.create_task(self._speak())

    async def _speak(self) -> None:
        await self.write(self._sign)
        self._saying = None
        self._wait()
