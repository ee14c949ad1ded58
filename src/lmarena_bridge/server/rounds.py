"""One timer for all that is waited for and mostly does not come: a late request, a stream that fell silent.

A timer of asyncio takes half a kilobyte and, with its cancelling, 3 µs; each request made two. Here it is
an entry in a set, one set for each twentieth of a second, and the loop has one timer, for the first of them.
"""

import asyncio
from typing import Final, Protocol

# Whoever is looked after hears of it at most 50 ms late; in a busy server there are 200 sets for ten seconds.
_TURNS_A_SECOND: Final = 20


class Waiting(Protocol):
    """What is to be looked after."""

    def look(self) -> None:
        """The moment has come that was named."""


class Rounds:
    """Looks after each when its moment has come, or up to a twentieth of a second later; once."""

    __slots__ = ("_awaited", "_loop", "_timer", "_turns")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._turns: dict[int, set[Waiting]] = {}
        self._timer: asyncio.TimerHandle | None = None
        # The turn that the timer is set for.
        self._awaited = 0

    def add(self, waiting: Waiting, at: float) -> None:
        """Look after this at that moment, by the loop's clock."""
        turn = int(at * _TURNS_A_SECOND) + 1
        if (others := self._turns.get(turn)) is not None:
            others.add(waiting)
            return
        self._turns[turn] = {waiting}
        if self._timer is None or turn < self._awaited:
            self._wait(turn)

    def remove(self, waiting: Waiting, at: float) -> None:
        """It need not be looked after at the moment that was named."""
        if (there := self._turns.get(int(at * _TURNS_A_SECOND) + 1)) is not None:
            there.discard(waiting)

    def _wait(self, turn: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._awaited = turn
        self._timer = self._loop.call_at(turn / _TURNS_A_SECOND, self._go)

    def _go(self) -> None:
        self._timer = None
        now = self._loop.time() * _TURNS_A_SECOND
        try:
            for turn in sorted([turn for turn in self._turns if turn <= now]):
                there = self._turns[turn]
                while there:
                    there.pop().look()
                del self._turns[turn]
        finally:
            if self._turns:
                self._wait(min(self._turns))
