"""What is asked of the history's file. Batches overlap: an answer that took long is kept with later ones."""

import sqlite3
from collections.abc import Callable
from heapq import nlargest
from typing import Final

from lmarena_bridge.storage.history_batch import unpacked
from lmarena_bridge.storage.history_schema import Row, Text

_BY_THE_NEWEST: Final = "SELECT last, rows FROM batches WHERE first < ? ORDER BY last DESC"


def newest(database: sqlite3.Connection, before: int, limit: int, wanted: Callable[[Row], bool]) -> list[Row]:
    """The latest of the wanted rows whose id is less than `before`, the newest first. Raises
    sqlite3.Error."""
    found: list[Row] = []
    for last, rows in database.execute(_BY_THE_NEWEST, (before,)):
        if len(found) == limit and found[-1].id > last:
            break
        fitting = [row for row in unpacked(rows) if row.id < before and wanted(row)]
        found = nlargest(limit, [*found, *fitting], key=lambda row: row.id)
    return found


def since(database: sqlite3.Connection, started: float) -> list[Row]:
    """Rows that began since then, in seconds since 1970, the oldest first. Raises sqlite3.Error."""
    batches = database.execute("SELECT rows FROM batches WHERE last >= ?", (int(started * 1000),))
    found = [row for (rows,) in batches for row in unpacked(rows) if row.started >= started]
    return sorted(found, key=lambda row: row.id)


def text(database: sqlite3.Connection, request: int) -> Text | None:
    """What was asked and answered, if it was kept. Raises sqlite3.Error."""
    found = database.execute("SELECT prompt, answer FROM texts WHERE request = ?", (request,)).fetchone()
    return None if found is None else Text(*found)
