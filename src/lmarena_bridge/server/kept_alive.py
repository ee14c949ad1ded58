"""A sign of life whenever a stream has been silent for a while, at the price of a place among others."""

import asyncio
from types import TracebackType
from typing import Protocol

from lmarena_bridge.server.rounds import Rounds


class Stream(Protocol):
    """What is to be kept alive."""

    @property
    def sign_due(self) -> float:
        """When the next sign is wanted, by the loop's clock: later whenever something else is said."""

    async def write(self, data: bytes, /) -> None:
        """Say it."""


class KeptAlive:
    """While the context lasts. A task is made only when there is something to say: mostly there is not."""

    __slots__ = ("_due", "_rounds", "_saying", "_sign", "_stream")

    def __init__(self, stream: Stream, sign: bytes, rounds: Rounds) -> None:
        self._stream = stream
        self._sign = sign
        self._rounds = rounds
        self._due = 0.0
        self._saying: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rounds.remove(self, self._due)
        if self._saying is not None:
            self._saying.cancel()

    def _wait(self) -> None:
        self._due = due = self._stream.sign_due
        self._rounds.add(self, due)

    def look(self) -> None:
        """Is it silent still?"""
        loop = asyncio.get_running_loop()
        if loop.time() < self._stream.sign_due:
            self._wait()
        else:
            self._saying = loop.create_task(self._speak())

    async def _speak(self) -> None:
        await self._stream.write(self._sign)
        self._saying = None
        self._wait()
