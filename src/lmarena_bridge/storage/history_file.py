"""The file of the history, as its writer has it: open while there is work, bounded by age and size."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lmarena_bridge.storage.history_batch import Packed, packed_again, unpacked
from lmarena_bridge.storage.history_schema import MIGRATIONS, migrate, version_of

# The oldest are removed now and then, in seconds, and of a file that is too large this part.
_TRIM_EVERY: Final = 600.0
_TRIM_PART: Final = 5
_PATIENCE: Final = 5.0
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """How old a row may become, in days, and how large the file, in bytes."""

    days: int
    max_bytes: int


class HistoryFile:
    """For one thread. Opening costs as much as some hundred rows: it stays open until somebody closes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._identity: object = None
        self._trimmed_at: float | None = None

    def write(self, batches: Sequence[Packed], limits: Limits) -> None:
        """All or nothing of them. Raises NewerHistory, sqlite3.Error."""
        written = False
        try:
            database = self._opened()
            with database:
                for batch in batches:
                    _insert(database, batch)
            self._trim_now_and_then(database, limits)
            written = True
        finally:
            if not written:
                self.close()

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def set_aside(self) -> None:
        """A file that is no database any more is kept for whoever can mend it, and a new one begun."""
        self.close()
        with suppress(OSError):
            self._path.replace(self._path.with_name(f"{self._path.name}.broken"))
        for ending in ("-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _opened(self) -> sqlite3.Connection:
        if self._database is not None and self._identity == self._found():
            return self._database
        self.close()
        self._database = database = _connection(self._path)
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA journal_size_limit = 4194304")
        database.execute("PRAGMA synchronous = NORMAL")
        if version_of(database) != len(MIGRATIONS):
            migrate(database)
        self._identity = self._found()
        return database

    def _found(self) -> object:
        """Which file is at the path: somebody may have moved or deleted ours."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _trim_now_and_then(self, database: sqlite3.Connection, limits: Limits) -> None:
        now = time.monotonic()
        if self._trimmed_at is None or now - self._trimmed_at >= _TRIM_EVERY:
            self._trimmed_at = now
            _trim(database, limits)


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for somebody else, for a moment. Raises sqlite3.Error."""
    with closing(_connection(path)) as database:
        yield database


def _connection(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_PATIENCE)
    database.execute("PRAGMA foreign_keys = ON")
    return database


def _insert(database: sqlite3.Connection, batch: Packed) -> None:
    into = "INSERT INTO batches (first, last, rows) VALUES (?, ?, ?)"
    number = database.execute(into, (batch.first, batch.last, batch.rows)).lastrowid
    kept = [(request, number, text.prompt, text.answer) for request, text in batch.texts]
    # An id that is there already was given by another program in the same millisecond.
    database.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?)", kept)


def _trim(database: sqlite3.Connection, limits: Limits) -> None:
    with database:
        _forget_before(database, int((time.time() - limits.days * _DAY) * 1000))
    while _size(database) > limits.max_bytes:
        with database:
            if not (ids := _ids_of_parts(database)):
                break
            _forget_before(database, ids[len(ids) // _TRIM_PART] + 1)
    # As a script: alone it would free a single page.
    database.executescript("PRAGMA incremental_vacuum;")


def _ids_of_parts(database: sqlite3.Connection) -> list[int]:
    """The highest id of each batch, or all ids of the only one there is, the lowest first."""
    batches = database.execute("SELECT last, rows FROM batches ORDER BY last LIMIT 2").fetchall()
    if len(batches) == 1:
        return sorted(row.id for row in unpacked(batches[0][1]))
    return [last for (last,) in database.execute("SELECT last FROM batches ORDER BY last")]


def _forget_before(database: sqlite3.Connection, oldest: int) -> None:
    """Rows with a lower id. Of a batch with others they are taken out."""
    database.execute("DELETE FROM texts WHERE request < ?", (oldest,))
    database.execute("DELETE FROM batches WHERE last < ?", (oldest,))
    mixed = database.execute("SELECT number, rows FROM batches WHERE first < ?", (oldest,)).fetchall()
    for number, rows in mixed:
        left = packed_again([row for row in unpacked(rows) if row.id >= oldest])
        now = (left.first, left.rows, number)
        database.execute("UPDATE batches SET first = ?, rows = ? WHERE number = ?", now)


def _size(database: sqlite3.Connection) -> int:
    """Of what is in use: pages that were freed do not count."""
    pages, free, each = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * each)
