"""Numbers that look random and are always the same for the same words."""

import hashlib


class Chance:
    """A row of numbers grown from a text."""

    def __init__(self, seed: str) -> None:
        self._bytes = iter(hashlib.shake_256(seed.encode("utf-8", "surrogatepass")).digest(1 << 15))

    def between(self, low: float, high: float) -> float:
        part = next(self._bytes) * 256 + next(self._bytes)
        return low + (high - low) * part / 65535

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self.between(low, high + 0.999))
