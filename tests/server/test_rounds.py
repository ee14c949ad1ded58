"""By a loop's clock that is set by hand: nothing waits."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from lmarena_bridge.server.rounds import Rounds


class Loop:
    """The clock of an event loop, and the one timer that is expected of it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[[], None]) -> "Timer":
        assert not self.timers
        self.timers.append(Timer(self, when, call))
        return self.timers[0]

    def go_to(self, moment: float) -> None:
        while self.timers and self.timers[0].when <= moment:
            timer = self.timers.pop()
            self.now = timer.when
            timer.call()
        self.now = moment


class Timer:
    def __init__(self, loop: Loop, when: float, call: Callable[[], None]) -> None:
        self.when, self.call = when, call
        self._loop = loop

    def cancel(self) -> None:
        self._loop.timers.remove(self)


class Guest:
    """Looked after, and then perhaps again."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.looks = 0
        self._then = then

    def look(self) -> None:
        self.looks += 1
        self._then()


def rounds() -> tuple[Loop, Rounds]:
    loop = Loop()
    return loop, Rounds(cast("asyncio.AbstractEventLoop", loop))


@pytest.mark.parametrize("at", [100.0, 100.001, 100.049, 100.05, 107.3])
def test_each_is_looked_after_once_never_too_early_and_hardly_too_late(at: float) -> None:
    loop, looks = rounds()
    guest = Guest()
    looks.add(guest, at)
    loop.go_to(at - 0.001)
    assert guest.looks == 0
    loop.go_to(at + 0.051)
    assert guest.looks == 1
    loop.go_to(at + 100)
    assert guest.looks == 1
    assert not loop.timers


def test_the_first_comes_first_in_whatever_order_they_came() -> None:
    loop, looks = rounds()
    order: list[float] = []
    for at in (103.0, 101.0, 102.0, 101.0):
        looks.add(Guest(lambda at=at: order.append(at)), at)  # type: ignore[misc]
    loop.go_to(110)
    assert order == [101.0, 101.0, 102.0, 103.0]


def test_who_is_removed_is_not_looked_after() -> None:
    loop, looks = rounds()
    stays, goes = Guest(), Guest()
    for guest in (stays, goes):
        looks.add(guest, 101)
    looks.remove(goes, 101)
    looks.remove(goes, 105)  # nobody is there
    loop.go_to(110)
    assert (stays.looks, goes.looks) == (1, 0)


def test_one_may_remove_the_other_and_come_again() -> None:
    loop, looks = rounds()
    first, second = Guest(), Guest()

    def other(guest: Guest) -> Callable[[], None]:
        return lambda: looks.remove(guest, 101)

    first._then, second._then = other(second), other(first)
    for guest in (first, second):
        looks.add(guest, 101)
    loop.go_to(110)
    assert first.looks + second.looks == 1
    again: Guest = Guest(lambda: looks.add(again, loop.now) if again.looks < 3 else None)
    looks.add(again, loop.now)
    loop.go_to(111)
    assert again.looks == 3


def test_what_goes_wrong_with_one_keeps_nobody_else_waiting() -> None:
    loop, looks = rounds()
    guest = Guest()

    def fail() -> Any:
        raise ValueError("wrong")

    looks.add(Guest(fail), 101)
    looks.add(guest, 101)
    looks.add(guest, 102)
    with pytest.raises(ValueError, match="wrong"):
        loop.go_to(101.5)
    loop.go_to(110)
    assert guest.looks == 2
