"""Ids that nobody can foresee: UUIDs of version 4 as text, one for each message of each conversation."""

import os
from types import MappingProxyType
from typing import Final

_AT_ONCE: Final = 64
_SIZE: Final = 16
# The upper two bits of this digit are given, the lower two are random.
_VARIANT: Final = MappingProxyType({digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"})


class RandomIds:
    """Calling it gives the next one, on any thread. Made in advance: one by one they take twice as long."""

    def __init__(self) -> None:
        self._made: list[str] = []

    def __call__(self) -> str:
        while True:
            try:
                return self._made.pop()
            except IndexError:
                self._made += _some()


def _some() -> list[str]:
    digits = os.urandom(_SIZE * _AT_ONCE).hex()
    return [_written(digits[at : at + 2 * _SIZE]) for at in range(0, len(digits), 2 * _SIZE)]


def _written(digits: str) -> str:
    variant = _VARIANT[digits[16]]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
