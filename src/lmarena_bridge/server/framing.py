"""WebSocket frames (RFC 6455) of the server: whole messages in, bytes out."""

import struct
from collections.abc import Iterable
from typing import Final

import msgspec

from lmarena_bridge.server.frames import CLOSE, NO_CODE, PONG, WHOLE, WHOLE_BINARY, WHOLE_TEXT, Ping

# Write the head of a frame, by the length of its payload: less than 126 bytes, than 64 KiB, or more.
_SHORT: Final = struct.Struct(">BB").pack
_MIDDLE: Final = struct.Struct(">BBH").pack
_LONG: Final = struct.Struct(">BBQ").pack
_JSON: Final = msgspec.json.Encoder().encode


def framed(messages: Iterable[str | bytes | msgspec.Struct]) -> list[bytes]:
    """Whole messages, each as the head of its frame and its payload, which may be large and is not copied.

    Structs travel as JSON text.
    """
    parts: list[bytes] = []
    for message in messages:
        if type(message) is bytes:
            first, payload = WHOLE_BINARY, message
        elif type(message) is str:
            first, payload = WHOLE_TEXT, message.encode()
        else:
            first, payload = WHOLE_TEXT, _JSON(message)
        size = len(payload)
        if size < 126:
            parts += (_SHORT(first, size), payload)
        elif size < 65_536:
            parts += (_MIDDLE(first, 126, size), payload)
        else:
            parts += (_LONG(first, 127, size), payload)
    return parts


def pong(ping: Ping) -> bytes:
    return _head(PONG, len(ping.payload)) + ping.payload


def close(code: int, reason: str = "") -> bytes:
    """A close frame; a reason that is too long for one is cut. `NO_CODE`: without both."""
    if code == NO_CODE:
        return _head(CLOSE, 0)
    payload = code.to_bytes(2, "big") + reason.encode()[:123].decode(errors="ignore").encode()
    return _head(CLOSE, len(payload)) + payload


def _head(opcode: int, size: int) -> bytes:
    """Of a frame that the connection itself sends, which is short."""
    return _SHORT(WHOLE | opcode, size)
