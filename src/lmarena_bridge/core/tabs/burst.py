"""Data frames that came together: those that continue each other become one piece.

A burst is a hundred small frames of one answer; all that comes after costs once for all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import eq, itemgetter
from typing import Final

from lmarena_bridge.core.tabs.messages import DATA_HEAD, MAX_DATA_BYTES, Data, decode_data

_HEAD_BYTES: Final = DATA_HEAD.size
_READ_HEAD: Final = DATA_HEAD.unpack_from
_BYTES_OF: Final = itemgetter(slice(_HEAD_BYTES, None))


def join_data(frames: Sequence[bytes]) -> Iterable[Data]:
    """Read binary frames of a tab. Raises MalformedMessage, after what came before it."""
    if len(frames) < 2:
        return map(decode_data, frames)
    whole = _burst(frames) if frames[0][:4] == frames[-1][:4] else None
    return _join_data(frames) if whole is None else (whole,)


def _burst(frames: Sequence[bytes]) -> Data | None:
    """Frames that are all pieces of one stream, in order; None if they are not.

    Nothing here runs once a frame in Python itself: that would cost four times as much (2026-11-26).
    """
    pieces = tuple(map(_BYTES_OF, frames))
    if not all(pieces) or max(map(len, pieces)) > MAX_DATA_BYTES:
        return None
    number, start = _READ_HEAD(frames[0])
    offsets = accumulate(map(len, pieces), initial=start)
    if not all(map(eq, map(_READ_HEAD, frames), zip(repeat(number), offsets, strict=False))):
        return None
    return Data(number, start, b"".join(pieces))


def _join_data(frames: Iterable[bytes]) -> Iterator[Data]:
    pieces: list[bytes] = []
    number = start = end = 0
    wrong: bytes | None = None
    for frame in frames:
        size = len(frame) - _HEAD_BYTES
        if size < 1 or size > MAX_DATA_BYTES:
            wrong = frame
            break
        stream, offset = _READ_HEAD(frame)
        if pieces and (stream != number or offset != end):
            yield Data(number, start, b"".join(pieces))
            pieces = []
        if not pieces:
            number, start = stream, offset
        pieces.append(frame[_HEAD_BYTES:])
        end = offset + size
    if pieces:
        yield Data(number, start, b"".join(pieces))
    if wrong is not None:
        decode_data(wrong)
