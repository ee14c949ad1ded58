"""Some at once, then one now and then: so that a flood fills neither a log nor a list."""


class Trickle:
    """`burst` of them at once, then one each `every` seconds; the others are counted. Time comes in."""

    def __init__(self, burst: int, every: float) -> None:
        self._burst = burst
        self._every = every
        self._free = float(burst)
        self._at: float | None = None
        self._held_back = 0

    def passed(self, now: float) -> int | None:
        """One more at `now`, in seconds of a clock that is never set back.

        None: it is held back. Else it may pass, and so many were held back since the last that did.
        """
        since = 0.0 if self._at is None else now - self._at
        self._at = now
        self._free = min(self._burst, self._free + since / self._every)
        if self._free < 1:
            self._held_back += 1
            return None
        self._free -= 1
        held_back, self._held_back = self._held_back, 0
        return held_back
