"""Rows of the history as they are kept: those of one second together, or as many as fit, as one JSON text.

A row of the database for each of them costs three times what this does, and the thread of the answers as much
again: 2.9 µs a request, this way 1.5 (`python -m benchmarks.recording`, 2026-11-26).
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from lmarena_bridge.storage.history_schema import Row, Text, values_of

_COMMA: Final = ord(",")
# Of a batch, in characters: about a hundred rows.
_ROOM: Final = 16_000

_ENCODER: Final = msgspec.json.Encoder()
_ENCODE_INTO: Final = _ENCODER.encode_into
_DECODE: Final = msgspec.json.Decoder(list[Row], strict=False).decode


@dataclass(frozen=True, slots=True)
class Packed:
    """`rows`: a JSON array of arrays, each with the values of a `Row` in their order. `first`, `last`: the
    lowest and the highest id of them. `texts`: by the ids of their rows."""

    first: int
    last: int
    rows: str
    texts: tuple[tuple[int, Text], ...]


class Gathered:
    """Rows that are to be written. They are packed as they come, so that nothing is kept of them.

    `size`: of all of it, in characters or nearly.
    """

    __slots__ = ("_full", "_ids", "_rows", "_texts", "size")

    def __init__(self) -> None:
        self._full: list[Packed] = []
        # Of the batch that has room: its rows, each with a comma behind it.
        self._rows = bytearray()
        self._ids: list[int] = []
        self._texts: list[tuple[int, Text]] = []
        self.size = 0

    def add(self, row: Row, text: Text | None) -> None:
        """Raises ValueError for what no file can hold: half a character, an answer that has not ended."""
        if row.status is None:
            raise ValueError("its answer has not ended")
        rows = self._rows
        before = len(rows)
        try:
            _ENCODE_INTO(values_of(row), rows, -1)
        except ValueError:
            del rows[before:]
            raise
        rows.append(_COMMA)
        self._ids.append(row.id)
        if text is not None:
            self._keep(row.id, text)
        after = len(rows)
        self.size += after - before
        if after >= _ROOM:  # whoever looks for a few rows reads whole batches
            self._pack()

    def _keep(self, request: int, text: Text) -> None:
        text = Text(_whole_characters(text.prompt), _whole_characters(text.answer))
        self._texts.append((request, text))
        self.size += len(text.prompt) + len(text.answer)

    def _pack(self) -> None:
        rows, ids, texts = self._rows, self._ids, self._texts
        self._rows, self._ids, self._texts = bytearray(), [], []
        self._full.append(Packed(min(ids), max(ids), f"[{rows[:-1].decode()}]", tuple(texts)))

    def packed(self) -> list[Packed]:
        if self._ids:
            self._pack()
        return self._full


def unpacked(rows: str) -> list[Row]:
    """In the order in which they were added. Raises msgspec.DecodeError: that is no file of ours."""
    return _DECODE(rows)


def packed_again(rows: list[Row]) -> Packed:
    """Those that are left of a batch, at least one."""
    ids = [row.id for row in rows]
    return Packed(min(ids), max(ids), _ENCODER.encode([values_of(row) for row in rows]).decode(), ())


def _whole_characters(text: str) -> str:
    return text.encode(errors="replace").decode()
