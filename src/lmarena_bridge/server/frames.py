"""WebSocket frames (RFC 6455) of a client: bytes in, whole messages out.

Our own because every fragment of every answer comes through here: 0.23 µs a frame, where the sans-IO
reader of the `websockets` library takes 2.6 (2026-11-26). As strict as that one: what the standard calls
an error fails the connection with the standard's code.
"""

import struct
import sys
from collections.abc import Callable
from typing import Final

import msgspec

_CONTINUATION: Final = 0x0
_TEXT: Final = 0x1
_BINARY: Final = 0x2
CLOSE: Final = 0x8
_PING: Final = 0x9
PONG: Final = 0xA
# The first byte of a frame that is the whole of a message, or its last piece.
WHOLE: Final = 0x80
WHOLE_TEXT: Final = WHOLE | _TEXT
WHOLE_BINARY: Final = WHOLE | _BINARY
# The codes that may stand in a close frame (RFC 6455 7.4 and IANA's list, 2026).
_CODES: Final = frozenset((1000, 1001, 1002, 1003, *range(1007, 1015)))
_CODES_OF_PROGRAMS: Final = range(3000, 5000)

# What a frame needs before it can be looked at: its kind, its size, and the mask of a small one.
_LEAST_BYTES: Final = 6
# By the second byte of its head: how long a small frame is, and what reads its kind, mask and payload in one
# step. Other frames seem longer than anything there is, so nobody reads them like this.
_LENGTHS: Final = (sys.maxsize,) * 128 + tuple(range(6, 132)) + (sys.maxsize,) * 2
_READERS: Final = (struct.Struct("Bx4s0s").unpack_from,) * 128 + tuple(
    struct.Struct(f"Bx4s{size}s").unpack_from for size in range(126)
)
_NOTHING: Final = -1

BAD_FRAME: Final = 1002
NOT_UTF8: Final = 1007
TOO_LARGE: Final = 1009
NO_CODE: Final = 1005


class FrameError(Exception):
    """The connection must be failed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Ping(msgspec.Struct, frozen=True):
    """To be answered with a pong of the same payload."""

    payload: bytes


class Closed(msgspec.Struct, frozen=True):
    """The other side says goodbye; nothing comes after it."""

    code: int
    reason: str


# A text, a binary message, or what the connection itself is told. Pongs are passed over: we send no pings.
Message = str | bytes | Ping | Closed


def _xor(data: bytes, key: bytes) -> bytes:
    """Masks by big numbers: 0.5 µs for 95 bytes, and 120 µs for 64 KiB."""
    size = len(data)
    whole = int.from_bytes(data, "little") ^ int.from_bytes((key * (size // 4 + 1))[:size], "little")
    return whole.to_bytes(size, "little")


def unmasking() -> Callable[[bytes, bytes], bytes]:
    """The quickest way to take a mask off. The C routine (0.1 µs for 95 bytes) is no public part of its
    library, so it may be gone one day."""
    try:
        from websockets.speedups import apply_mask
    except ImportError:
        return _xor
    return apply_mask


class FrameReader:
    """One client's frames. `largest`: bytes that a message may have; the smallest frames are taken anyway."""

    __slots__ = (
        "_closed",
        "_held",
        "_held_size",
        "_largest",
        "_needed",
        "_opcode",
        "_pieces",
        "_plain",
        "_size",
        "_unmask",
        "controlled",
    )

    def __init__(self, largest: int, unmask: Callable[[bytes, bytes], bytes] | None = None) -> None:
        self._largest = largest
        self._unmask = unmask or unmasking()
        # What came of a frame that is not whole yet, and how much it needs before it can be looked at again.
        self._held: list[bytes] = []
        self._held_size = 0
        self._needed = 2
        # A message in several frames.
        self._opcode = _CONTINUATION
        # How a frame begins that is a binary message; not while one comes in pieces, nor after the goodbye.
        self._plain = WHOLE_BINARY
        self._pieces: list[bytes] = []
        self._size = 0
        self._closed = False
        # Whether words for the connection itself were among what was read last.
        self.controlled = False

    def feed(self, data: bytes, messages: list[Message]) -> None:
        """Add the messages that these bytes complete. Raises FrameError; those before it are added."""
        self.controlled = False
        if self._held or self._closed:
            data = self._joined(data)
        at, end, needed = 0, len(data), 0
        last = end - _LEAST_BYTES
        unmask, readers, lengths, add = self._unmask, _READERS, _LENGTHS, messages.append
        plain = self._plain
        while at <= last:
            second = data[at + 1]
            stop = at + lengths[second]
            if stop <= end:
                first, mask, payload = readers[second](data, at)
            else:
                start, stop = self._extent(data, at)
                if stop > end:
                    needed = stop - at
                    break
                first, mask, payload = data[at], data[start - 4 : start], data[start:stop]
            at = stop
            # Nearly all frames are such: a piece of an answer.
            if first == plain:
                add(unmask(payload, mask))
            elif first == WHOLE_TEXT and plain != _NOTHING:
                try:
                    add(unmask(payload, mask).decode())
                except UnicodeDecodeError:
                    raise _not_utf8() from None
            elif self._take(first, unmask(payload, mask), messages):
                return
            else:
                plain = self._plain
        if at < end:
            self._held.append(data[at:])
            self._held_size += end - at
            self._needed = needed or _least(data, at)

    def alone(self, data: bytes) -> bytes | None:
        """The payload of a small binary message, if these bytes are that and no more; None: `feed` them.

        Half of what a message costs that comes alone, as those of a slow answer do.
        """
        size = len(data)
        if size < _LEAST_BYTES or size != _LENGTHS[data[1]] or data[0] != self._plain or self._held:
            return None
        return self._unmask(data[6:], data[2:6])

    def _extent(self, data: bytes, at: int) -> tuple[int, int]:
        """Where the payload of a frame starts and ends, as far as that is known."""
        size = data[at + 1]
        if size < 128:
            raise _unmasked()
        if size < 254:
            return at + _LEAST_BYTES, at + size - 122
        start = at + (8 if size == 254 else 14)
        if start > len(data):
            return start, start
        size = int.from_bytes(data[at + 2 : start - 4], "big")
        if size > self._largest:
            raise _too_large()
        return start, start + size

    def _joined(self, data: bytes) -> bytes:
        """What was held with what came; nothing while a frame is not whole, so that it is joined once, and
        after the goodbye."""
        if self._closed:
            return b""
        self._held.append(data)
        self._held_size += len(data)
        if self._held_size < self._needed:
            return b""
        joined = b"".join(self._held)
        self._held.clear()
        self._held_size = 0
        return joined

    def _take(self, first: int, payload: bytes, messages: list[Message]) -> bool:
        """A frame of any kind; whether it was the last one."""
        if first & 0x70:
            raise FrameError(BAD_FRAME, "a frame with reserved bits")
        opcode, whole = first & 0x0F, bool(first & WHOLE)
        if opcode >= CLOSE:
            return self._control(opcode, payload, messages, whole=whole)
        if opcode > _BINARY or bool(opcode) is bool(self._opcode):
            raise FrameError(BAD_FRAME, "a frame out of place")
        self._opcode = self._opcode or opcode
        self._plain = _NOTHING
        self._pieces.append(payload)
        self._size += len(payload)
        if self._size > self._largest:
            raise _too_large()
        if whole:
            messages.append(self._message())
        return False

    def _message(self) -> str | bytes:
        opcode, data = self._opcode, b"".join(self._pieces)
        self._opcode, self._plain, self._size = _CONTINUATION, WHOLE_BINARY, 0
        self._pieces.clear()
        return _text(data) if opcode == _TEXT else data

    def _control(self, opcode: int, payload: bytes, messages: list[Message], *, whole: bool) -> bool:
        if not whole or len(payload) > 125 or opcode > PONG:
            raise FrameError(BAD_FRAME, "a control frame that is none")
        self.controlled = True
        if opcode == _PING:
            messages.append(Ping(payload))
        elif opcode == CLOSE:
            messages.append(_goodbye(payload))
            self._closed, self._plain = True, _NOTHING
        return self._closed


def _least(data: bytes, at: int) -> int:
    """How many bytes the frame that has just begun needs before it can be looked at."""
    if len(data) - at < 2:
        return 2
    if data[at + 1] < 128:
        raise _unmasked()
    return _LEAST_BYTES


def _unmasked() -> FrameError:
    return FrameError(BAD_FRAME, "a frame without a mask")


def _too_large() -> FrameError:
    return FrameError(TOO_LARGE, "a message that is too large")


def _not_utf8() -> FrameError:
    return FrameError(NOT_UTF8, "text that is not UTF-8")


def _goodbye(payload: bytes) -> Closed:
    if not payload:
        return Closed(NO_CODE, "")
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or (code not in _CODES and code not in _CODES_OF_PROGRAMS):
        raise FrameError(BAD_FRAME, "a close frame with a wrong code")
    return Closed(code, _text(payload[2:]))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _not_utf8() from None
