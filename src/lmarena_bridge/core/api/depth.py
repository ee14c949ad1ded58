"""How deeply a body is nested. A reader may be able to read what no writer can write any more."""

from typing import Final

# Nobody's messages, tools or schemas come near it.
MOST_LEVELS: Final = 128

# A level is a level: braces count as brackets.
_AS_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_too_deep(body: bytes | bytearray) -> bool:
    """Whether valid JSON has more than MOST_LEVELS levels of lists and objects.

    Everything is done by whole passes over the bytes, for a loop over a body of 100 MB would take a minute.
    """
    if body.count(b"[") + body.count(b"{") <= MOST_LEVELS:
        return False
    # Outside of texts: what stands before, between and behind their quotes, once the escapes are gone.
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    brackets = b"".join(plain).translate(_AS_BRACKETS, _NO_BRACKETS)
    for _ in range(MOST_LEVELS):  # each round takes the innermost level away
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
