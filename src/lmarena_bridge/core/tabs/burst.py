"""Data frames that came together: those that continue each other become one piece.

A burst is a hundred small frames of one answer; all that comes after costs once for all of them.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from lmarena_bridge.core.tabs.messages import DATA_HEAD, MAX_DATA_BYTES, Data, decode_data

_HEAD_BYTES: Final = DATA_HEAD.size
_READ_HEAD: Final = DATA_HEAD.unpack_from


def join_data(frames: Iterable[bytes]) -> Iterator[Data]:
    """Read binary frames of a tab. Raises MalformedMessage, after what came before it.

    0.18 µs a frame. Passes over all frames at once, by `map` and `accumulate`, are no faster for a hundred
    of them and take three times as long for two (2026-11-26).
    """
    pieces: list[bytes] = []
    number = start = end = -1
    wrong: bytes | None = None
    for frame in frames:
        size = len(frame) - _HEAD_BYTES
        if not 0 < size <= MAX_DATA_BYTES:
            wrong = frame
            break
        stream, offset = _READ_HEAD(frame)
        if offset != end or stream != number:
            if pieces:
                yield Data(number, start, b"".join(pieces))
                pieces = []
            number, start = stream, offset
        pieces.append(frame[_HEAD_BYTES:])
        end = offset + size
    if pieces:
        yield Data(number, start, b"".join(pieces))
    if wrong is not None:
        decode_data(wrong)
