"""Time as this process has lived it."""

from collections.abc import Callable
from typing import Final

# The hub looks at the clock every second; whoever was away longer than this was asleep, stopped or stuck.
_ASLEEP_SECONDS: Final = 4.0


def awake_clock(clock: Callable[[], float]) -> Callable[[], float]:
    """A clock that stands still while the computer sleeps or the process is stopped.

    On waking, everything that was said meanwhile still lies in the sockets: measured by the wall, every tab
    would have been silent for too long before anything of it is read.
    """
    seen, slept = clock(), 0.0

    def awake() -> float:
        nonlocal seen, slept
        now = clock()
        if now - seen > _ASLEEP_SECONDS:
            slept += now - seen - _ASLEEP_SECONDS
        seen = now
        return now - slept

    return awake
