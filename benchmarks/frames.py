"""The client half of RFC 6455, only as much as a benchmark needs.

Frames are masked with one fixed key, so that they can be prepared once and addressed anew each time (the
server still has to unmask them). permessage-deflate is offered where asked for, as every browser does.
"""

import base64
import os
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

KEY: Final = b"\x37\xfa\x21\x3d"
# Frames of so many bytes are made all the time: what masks them is made once.
_SHORT: Final = 512
# First byte, size, and a size of two bytes if that says so.
_SMALL_HEAD: Final = struct.Struct("!BBH")
# Whole messages, text and binary, neither compressed nor in fragments.
_PLAIN: Final = (0x81, 0x82)
_WINDOW: Final = re.compile(rb"client_max_window_bits=\"?(\d+)")
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def mask(data: bytes, offset: int = 0) -> bytes:
    """The bytes masked as they would be from `offset` of a payload on."""
    size = len(data)
    key = _key_of_short(size, offset % 4) if size <= _SHORT else _key(size, offset % 4)
    return (int.from_bytes(data, "little") ^ key).to_bytes(size, "little")


def _key(size: int, offset: int) -> int:
    turned = KEY[offset:] + KEY[:offset]
    return int.from_bytes((turned * (size // 4 + 1))[:size], "little")


_key_of_short: Final = lru_cache(maxsize=None)(_key)


def head_of(size: int, opcode: int, *, compressed: bool = False) -> bytes:
    first = 0x80 | opcode | (0x40 if compressed else 0)
    if size < 126:
        return struct.pack("!BB", first, 0x80 | size) + KEY
    if size < 65536:
        return struct.pack("!BBH", first, 0x80 | 126, size) + KEY
    return struct.pack("!BBQ", first, 0x80 | 127, size) + KEY


def frame(payload: bytes, opcode: int = TEXT, *, compressed: bool = False) -> bytes:
    return head_of(len(payload), opcode, compressed=compressed) + mask(payload)


def handshake(host: str, path: str, *, deflate: bool, subprotocol: str | None) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
        "Origin: https://lmarena.ai",
    ]
    if subprotocol:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    if deflate:
        lines.append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Deflater:
    """Compresses messages as a browser does, the context kept between them, in the window the server names.

    `answer`: the head of its answer. In a larger window than it has it finds nothing, and hangs up.
    """

    def __init__(self, answer: bytes) -> None:
        named = _WINDOW.search(answer)
        self._stream = zlib.compressobj(6, zlib.DEFLATED, -int(named[1]) if named else -15, 8)

    def __call__(self, payload: bytes) -> bytes:
        return (self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Reader:
    """Bytes of a server in, whole messages out as (opcode, payload)."""

    def __init__(self, *, deflate: bool = False) -> None:
        self._inflate = zlib.decompressobj(-15) if deflate else None
        self._held = bytearray()
        self._needed = 2
        self._parts: list[bytes] = []
        self._opcode = 0
        self._compressed = False

    def feed(self, data: bytes) -> Iterable[tuple[int, bytes]]:
        if not self._held and (whole := _whole_frames(data)):
            return whole
        return self._fed(data)

    def _fed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        self._held += data
        while len(self._held) >= self._needed:
            size, start = self._measure()
            if len(self._held) < start + size:
                self._needed = start + size
                return
            first, payload = self._held[0], bytes(memoryview(self._held)[start : start + size])
            del self._held[: start + size]
            self._needed = 2
            message = self._message(first, payload)
            if message is not None:
                yield message

    def _measure(self) -> tuple[int, int]:
        """Size of the first frame's payload and where it starts; beyond the end while that is unknown."""
        size = self._held[1] & 0x7F
        if size < 126:
            return size, 2
        width = 2 if size == 126 else 8
        if len(self._held) < 2 + width:
            return 0, 2 + width
        return int.from_bytes(self._held[2 : 2 + width], "big"), 2 + width

    def _message(self, first: int, payload: bytes) -> tuple[int, bytes] | None:
        opcode = first & 0x0F
        if opcode >= CLOSE:
            return opcode, payload
        if opcode:
            self._opcode, self._compressed = opcode, bool(first & 0x40)
        self._parts.append(payload)
        if not first & 0x80:
            return None
        whole, self._parts = b"".join(self._parts), []
        if self._compressed and self._inflate is not None:
            whole = self._inflate.decompress(whole + b"\x00\x00\xff\xff")
        return self._opcode, whole


def _whole_frames(data: bytes) -> list[tuple[int, bytes]]:
    """What a read holds that is small, plain, unfragmented frames from end to end; else nothing.

    That is each task of a short conversation: a tab that reads it in one go adds less to what is measured.
    """
    found, at, last = [], 0, len(data) - _SMALL_HEAD.size
    while at <= last:
        first, size, extended = _SMALL_HEAD.unpack_from(data, at)
        start = at + 2
        if size > 125:
            start, size = at + 4, extended if size == 126 else len(data)
        at = start + size
        if first not in _PLAIN or at > len(data):
            return []
        found.append((first & 0x0F, data[start:at]))
    return found if at == len(data) else []
