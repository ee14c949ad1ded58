"""What came from a tab in one moment, by the streams it is about.

A burst is a hundred small data frames of one answer, and a short answer is its head, its bytes and its end in
one read: all that comes after costs once for all of them.
"""

from collections.abc import Iterable
from typing import Any, Final, final

import msgspec

from lmarena_bridge.core.tabs.messages import (
    DATA_HEAD,
    MAX_DATA_BYTES,
    NO_STREAM,
    End,
    Failed,
    Head,
    decode_data,
    decode_from_tab,
)

_HEAD_BYTES: Final = DATA_HEAD.size
_READ_HEAD: Final = DATA_HEAD.unpack_from


@final
class Burst(msgspec.Struct, gc=False):
    """Bytes of a stream, as they continue each other."""

    stream: int
    offset: int
    pieces: list[bytes]


# What a tab says of a stream.
Word = Head | Burst | End | Failed


# The stream's number and its words; what is about none, with NO_STREAM.
Parcel = tuple[int, list[Any]]


def read_parcels(frames: Iterable[str | bytes], parcels: list[Parcel]) -> None:
    """Read text and binary frames, and add what follows each other about one stream as one parcel. Data
    frames that continue each other are one word.

    Raises MalformedMessage; what came before it is added. 0.2 µs a data frame, and 1.3 µs a short answer:
    `groupby` by kind, which is no quicker for a hundred frames, took 2.6 for its four (2026-11-26).
    """
    number, words, end = NO_STREAM - 1, list[Any](), -1
    for frame in frames:
        if type(frame) is bytes:
            size = len(frame) - _HEAD_BYTES
            if not 0 < size <= MAX_DATA_BYTES:
                decode_data(frame)  # which says what is wrong with it
            stream, offset = _READ_HEAD(frame)
            if offset != end or stream != number:
                if stream != number:
                    number, words = stream, []
                    parcels.append((number, words))
                pieces: list[bytes] = []
                words.append(Burst(stream, offset, pieces))
            pieces.append(frame[_HEAD_BYTES:])
            end = offset + size
        else:
            word = decode_from_tab(frame)
            if word.stream != number:
                number, words = word.stream, []
                parcels.append((number, words))
            words.append(word)
            end = -1
