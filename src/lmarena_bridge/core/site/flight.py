r"""The data that Next.js sends inside a page ("flight"), row by row.

A page carries it in scripts, each with a piece of it: `self.__next_f.push([1,"…"])` with text, escaped once
as a JavaScript string, or `push([3,"…"])` with base64 where the piece was not valid UTF-8. Pieces are cut
anywhere. A `text/x-component` answer is the same data as it is (site-protocol.md 8, gathered 2025-07 to
2026-07; type 3 and the rows: sources of Next.js 15 and React 19).
"""

import binascii
import json
import re
from collections.abc import Iterator
from typing import Final

from lmarena_bridge.core.site.halves import whole

_PUSH: Final = re.compile(r'self\.__next_f\.push\(\[([13]),\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")', re.DOTALL)

# Rows that hold a long text or bytes say how many bytes follow, and no line break ends them. A text may be
# anything a person wrote, also something that looks like other rows.
_COUNTED_ROW: Final = re.compile(rb"[0-9a-f]+:[TAOobUSsLlGgMmV]([0-9a-f]{1,8}),")


def flight_rows(page: str) -> Iterator[str]:
    """The rows of a page or of a `text/x-component` answer, without the ones that are plain text or bytes.

    In time that grows with the length of the page alone, whatever it holds.
    """
    data = _pushed(page) or page.encode("utf-8", "replace")
    at = 0
    while at < len(data):
        counted = _COUNTED_ROW.match(data, at)
        if counted is not None:
            at = counted.end() + int(counted[1], 16)
            continue
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        yield data[at:end].decode("utf-8", "replace")
        at = end + 1


def _pushed(page: str) -> bytes:
    """The pieces of a page put together."""
    data: list[bytes] = []
    texts: list[str] = []
    for kind, literal in _PUSH.findall(page):
        piece = _decoded(literal)
        if kind == "1":
            texts.append(piece)
        else:
            data += [_encoded(texts), _bytes(piece)]
            texts = []
    return b"".join([*data, _encoded(texts)])


def _decoded(literal: str) -> str:
    """The text of a string literal; nothing if it is broken."""
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


def _encoded(texts: list[str]) -> bytes:
    # An emoji may lie half in one piece and half in the next.
    return whole("".join(texts)).encode()


def _bytes(piece: str) -> bytes:
    try:
        return binascii.a2b_base64(piece.encode())
    except ValueError:
        return b""
