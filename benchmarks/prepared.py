"""Answers whose frames are written in advance: only their name and the moment of sending are filled in.

What a fake tab does between a task and its answer is part of every time that is measured, of the quickest
contestants' the most; so this is all it does.
"""

from functools import lru_cache

from benchmarks.frames import TEXT, head_of, mask

# Where a hole is in the frames, and in its own payload, on which its mask depends.
Hole = tuple[int, int]


class Frames:
    """Masked frames, one after the other, and the holes that are in them."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._holes: dict[str, list[Hole]] = {}

    def add(self, payload: bytes, opcode: int = TEXT, **holes: int) -> None:
        """`holes`: by what is filled in there, where it stands in the payload."""
        self._data += head_of(len(payload), opcode)
        for name, offset in holes.items():
            self._holes.setdefault(name, []).append((len(self._data) + offset, offset % 4))
        self._data += mask(payload)

    def filled(self, **values: bytes) -> bytearray:
        """The frames with these in their holes; each must be as long as what it replaces."""
        data = bytearray(self._data)
        for name, value in values.items():
            size = len(value)
            for at, offset in self._holes.get(name, ()):
                data[at : at + size] = _masked(value, offset)
        return data


@lru_cache(maxsize=8)
def _masked(value: bytes, offset: int) -> bytes:
    """A name stands in every frame of its answer."""
    return mask(value, offset)
