"""Data frames that came together: those that continue each other become one piece.

A burst is a hundred small frames of one answer; all that comes after costs once for all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import eq, itemgetter, sub
from typing import Final

from lmarena_bridge.core.tabs.messages import DATA_HEAD, MAX_DATA_BYTES, Data, decode_data

_HEAD_OF: Final = itemgetter(slice(DATA_HEAD.size))
_BYTES_OF: Final = itemgetter(slice(DATA_HEAD.size, None))
# How many frames are worth being looked at together.
_BURST: Final = 8
_LARGEST_OFFSET: Final = 2**62


def join_data(frames: Sequence[bytes]) -> Iterable[Data]:
    """Read binary frames of a tab. Raises MalformedMessage, after what came before it."""
    if len(frames) == 1:
        return (decode_data(frames[0]),)
    if len(frames) >= _BURST and (whole := _burst(frames)) is not None:
        return (whole,)
    return _join_data(frames)


def _burst(frames: Sequence[bytes]) -> Data | None:
    """Frames that are all pieces of one stream, in order; None if they are not.

    Nothing here runs once a frame in Python itself: that would cost four times as much (2026-11-26).
    """
    sizes = tuple(map(sub, map(len, frames), repeat(DATA_HEAD.size)))
    if min(sizes) < 1 or max(sizes) > MAX_DATA_BYTES:
        return None
    number, start = DATA_HEAD.unpack_from(frames[0])
    if start > _LARGEST_OFFSET:
        return None
    heads = map(DATA_HEAD.pack, repeat(number), accumulate(sizes, initial=start))
    if not all(map(eq, map(_HEAD_OF, frames), heads)):
        return None
    return Data(number, start, b"".join(map(_BYTES_OF, frames)))


def _join_data(frames: Iterable[bytes]) -> Iterator[Data]:
    pieces: list[bytes] = []
    number = start = end = 0
    wrong: bytes | None = None
    for frame in frames:
        size = len(frame) - DATA_HEAD.size
        if size < 1 or size > MAX_DATA_BYTES:
            wrong = frame
            break
        stream, offset = DATA_HEAD.unpack_from(frame)
        if pieces and (stream != number or offset != end):
            yield Data(number, start, b"".join(pieces))
            pieces = []
        if not pieces:
            number, start = stream, offset
        pieces.append(frame[DATA_HEAD.size :])
        end = offset + size
    if pieces:
        yield Data(number, start, b"".join(pieces))
    if wrong is not None:
        decode_data(wrong)
