"""A sign of life whenever a stream has been silent for a while, at the price of a timer."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType


class KeptAlive:
    """While the context lasts. A task is made only when there is something to say: mostly there is not.

    `due`: when the next sign is wanted, by the loop's clock; it moves on whenever something else is said.
    """

    __slots__ = ("_due", "_say", "_saying", "_timer")

    def __init__(self, due: Callable[[], float], say: Callable[[], Awaitable[None]]) -> None:
        self._due = due
        self._say = say
        self._timer: asyncio.TimerHandle | None = None
        self._saying: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._saying is not None:
            self._saying.cancel()
        self._timer = self._saying = None

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_at(self._due(), self._look)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._due():
            self._wait()
        else:
            self._saying = loop.create_task(self._speak())

    async def _speak(self) -> None:
        await self._say()
        self._saying = None
        self._wait()
