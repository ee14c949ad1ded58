"""How deeply a body is nested. A reader may be able to read what no writer can write any more."""

from typing import Final

# Nobody's messages, tools or schemas come near it.
MOST_LEVELS: Final = 128

# A level is a level: braces count as brackets.
_AS_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
# So many texts are jumped over one by one: 0.4 ms for a conversation of 400 kB, and whole passes over its
# bytes take 1.7 (2026-11-25). With more of them the passes are quicker: a loop could take a minute.
_FEW_TEXTS: Final = 20_000
# Here counting costs nothing, and mostly settles it.
_SMALL: Final = 16 * 1024
_QUOTE: Final = b'"'
_BACKSLASH: Final = 0x5C


def is_too_deep(body: bytes | bytearray) -> bool:
    """Whether valid JSON has more than MOST_LEVELS levels of lists and objects."""
    if len(body) <= _SMALL and body.count(b"[") + body.count(b"{") <= MOST_LEVELS:
        return False
    brackets = _outside_of_texts(body).translate(_AS_BRACKETS, _NO_BRACKETS)
    if len(brackets) <= 2 * MOST_LEVELS:
        return False
    for _ in range(MOST_LEVELS):  # each round takes the innermost level away
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _outside_of_texts(body: bytes | bytearray) -> bytes:
    plain: list[bytes | bytearray] = []
    find, at = body.find, 0
    while (opened := find(_QUOTE, at)) >= 0:
        plain.append(body[at:opened])
        closed = find(_QUOTE, opened + 1)
        while body[closed - 1] == _BACKSLASH and _is_escaped(body, closed):
            closed = find(_QUOTE, closed + 1)
        at = closed + 1
        if len(plain) > _FEW_TEXTS:
            return b"".join([*plain, _whole_passes(body[at:])])
    return b"".join([*plain, body[at:]])


def _is_escaped(body: bytes | bytearray, at: int) -> bool:
    """Whether an odd number of backslashes stands before it."""
    first = at
    while body[first - 1] == _BACKSLASH:
        first -= 1
    return (at - first) % 2 == 1


def _whole_passes(body: bytes | bytearray) -> bytes:
    """Before, between and behind the quotes, once the escapes are gone."""
    return b"".join(body.replace(b"\\\\", b"").replace(b'\\"', b"").split(_QUOTE)[::2])
