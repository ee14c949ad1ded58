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

_ENCODE_INTO: Final = msgspec.json.Encoder().encode_into
_DECODE: Final = msgspec.json.Decoder(list[Row], strict=False).decode


@dataclass(frozen=True, slots=True)
class Packed:
    """`rows`: a JSON array of arrays, each with the values of a `Row` in their order. `first`, `last`: the
    lowest and the highest id of them. `texts`: by the ids of their rows."""

    first: int
    last: int
    rows: str
    texts: tuple[tuple[int, Text], ...]


class Batch:
    """Rows that are gathered to be written. They are packed as they come, so that nothing is kept of them.

    `rows`: each as JSON, with a comma behind it.
    """

    __slots__ = ("_ids", "_texts", "rows")

    def __init__(self) -> None:
        self.rows = bytearray()
        self._ids: list[int] = []
        self._texts: list[tuple[int, Text]] = []

    def add(self, row: Row, text: Text | None) -> int:
        """How much it takes, in characters or nearly.

        Raises ValueError for what no file can hold: half a character, an answer that has not ended.
        """
        if row.status is None:
            raise ValueError("its answer has not ended")
        rows, number = self.rows, row.id
        before = len(rows)
        try:
            _ENCODE_INTO(values_of(row), rows, -1)
        except ValueError:
            del rows[before:]
            raise
        rows.append(_COMMA)
        self._ids.append(number)
        return len(rows) - before + (0 if text is None else self._keep(number, text))

    def _keep(self, request: int, text: Text) -> int:
        text = Text(_whole_characters(text.prompt), _whole_characters(text.answer))
        self._texts.append((request, text))
        return len(text.prompt) + len(text.answer)

    def packed(self) -> Packed:
        rows = f"[{self.rows[:-1].decode()}]"
        return Packed(min(self._ids), max(self._ids), rows, tuple(self._texts))


class Gathered:
    """Batches that are written together. `size`: of all of it, in characters or nearly."""

    __slots__ = ("_batch", "_full", "size")

    def __init__(self) -> None:
        self._batch = Batch()
        self._full: list[Batch] = []
        self.size = 0

    def add(self, row: Row, text: Text | None) -> None:
        """Raises ValueError, as `Batch.add` does."""
        batch = self._batch
        self.size += batch.add(row, text)
        if len(batch.rows) >= _ROOM:  # whoever looks for a few rows reads whole batches
            self._full.append(batch)
            self._batch = Batch()

    def packed(self) -> list[Packed]:
        batches = [*self._full, self._batch] if self._batch.rows else self._full
        return [batch.packed() for batch in batches]


def unpacked(rows: str) -> list[Row]:
    """In the order in which they were added. Raises msgspec.DecodeError: that is no file of ours."""
    return _DECODE(rows)


def packed_again(rows: list[Row]) -> Packed:
    """Those that are left of a batch, at least one."""
    batch = Batch()
    for row in rows:
        batch.add(row, None)
    return batch.packed()


def _whole_characters(text: str) -> str:
    return text.encode(errors="replace").decode()
