"""Time as this process has lived it."""

from collections.abc import Callable
from typing import Final

# The hub looks at the clock every second; whoever was away longer than this was asleep, stopped or stuck.
_ASLEEP_SECONDS: Final = 4.0


class AwakeClock:
    """A clock that stands still while the computer sleeps or the process is stopped.

    On waking, everything that was said meanwhile still lies in the sockets: measured by the wall, every tab
    would have been silent for too long before anything of it is read.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen = clock()
        self._slept = 0.0

    def __call__(self) -> float:
        now = self._clock()
        away = now - self._seen
        self._seen = now
        if away > _ASLEEP_SECONDS:
            self._slept += away - _ASLEEP_SECONDS
        return now - self._slept
