"""Answers whose frames are written in advance: only their name and the moment of sending are filled in.

What a fake tab does between a task and its answer is part of every time that is measured, of the quickest
contestants' the most; so this is all it does.
"""

from benchmarks.frames import KEY, TEXT, head_of, mask


class Frames:
    """Masked frames, one after the other, and the holes that are in them."""

    def __init__(self) -> None:
        self._data = bytearray()
        # By what is filled in, and at which of its bytes the mask begins there: where.
        self._holes: dict[tuple[str, int], list[int]] = {}

    def add(self, payload: bytes, opcode: int = TEXT, **holes: int) -> None:
        """`holes`: by what is filled in there, where it stands in the payload."""
        self._data += head_of(len(payload), opcode)
        for name, offset in holes.items():
            places = self._holes.setdefault((name, offset % len(KEY)), [])
            places.append(len(self._data) + offset)
        self._data += mask(payload)

    def filled(self, **values: bytes) -> bytearray:
        """The frames with these in their holes; each must be as long as what it replaces."""
        data = bytearray(self._data)
        for (name, offset), places in self._holes.items():
            value = mask(values[name], offset)
            for at in places:
                data[at : at + len(value)] = value
        return data
