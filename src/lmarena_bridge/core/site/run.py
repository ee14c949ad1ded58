"""A burst of text: many lines of one kind, read by a few whole passes over their bytes.

Line by line a part costs 0.5 µs, like this 0.15 (2026-11-25), and a burst is nearly all of such.
"""

from typing import Final

import msgspec

from lmarena_bridge.core.site.parts import CODE_SIZE

_STRINGS: Final = msgspec.json.Decoder(list[str])
_BACKSLASH: Final = 0x5C
_NOTHING: Final[tuple[list[str], int]] = ([], 0)


def read_run(data: bytes, run: bytes) -> tuple[list[str], int]:
    """The texts of the whole lines that `data` begins with, and how many bytes these are.

    `run`: how each of them begins, up to and with its first quote. Nothing is read, not even a part, where
    anything is not as simple as that: such lines must be read one by one.

    All texts are decoded as one list. Every line begins and ends with a quote, not the same one, and the last
    is not escaped; so there are as many texts as lines only if each line is exactly one text.
    """
    last = data.rfind(b"\n" + run) + 1
    if not last or not data.startswith(run):
        return _NOTHING
    end = data.find(b"\n", last) + 1 or last
    lines = data[:end]
    count = lines.count(b"\n")
    a_lone_quote = run + b"\n"
    if lines.count(b'"\n') != count or lines.startswith(a_lone_quote) or b"\n" + a_lone_quote in lines:
        return _NOTHING
    if _ends_escaped(lines):
        return _NOTHING
    literals = lines[CODE_SIZE:-1].replace(b"\n" + run[:CODE_SIZE], b",")
    try:
        texts = _STRINGS.decode(b"[%b]" % literals)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _NOTHING
    return (texts, end) if len(texts) == count else _NOTHING


def _ends_escaped(lines: bytes) -> bool:
    """Whether the last quote of any line has an odd number of backslashes before it."""
    at = lines.find(b'\\"\n')
    while at >= 0:
        first = at
        while lines[first - 1] == _BACKSLASH:
            first -= 1
        if (at - first) % 2 == 0:
            return True
        at = lines.find(b'\\"\n', at + 1)
    return False
