"""The file of the history, as its writer has it: open while there is work, bounded by age and size."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from lmarena_bridge.storage.history_schema import COLUMNS, Text, migrate

# Rows of one statement: with each, the thread of the answers is held up for a moment.
_A_STATEMENT: Final = 50
# The oldest are removed now and then, in seconds, and of a file that is too large this part of its rows.
_TRIM_EVERY: Final = 600.0
_TRIM_PART: Final = 5
_PATIENCE: Final = 5.0
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """How old a row may become, in days, and how large the file, in bytes."""

    days: int
    max_bytes: int


# The values of a row, in the order of the columns, and what was said if that is to be kept.
Entry = tuple[tuple[Any, ...], Text | None]


class HistoryFile:
    """For one thread. Opening costs as much as some hundred rows: it stays open until somebody closes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._identity: object = None
        self._trimmed_at: float | None = None

    def write(self, entries: Sequence[Entry], limits: Limits) -> None:
        """All or nothing of them. Raises NewerHistory, sqlite3.Error."""
        written = False
        try:
            database = self._opened()
            with database:
                _insert(database, [values for values, _ in entries])
                _insert_texts(database, entries)
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


def _insert(database: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Two statements, whatever their number: each is prepared once, and kept."""
    whole = len(rows) // _A_STATEMENT * _A_STATEMENT
    starts = range(0, whole, _A_STATEMENT)
    many = (tuple(chain.from_iterable(rows[start : start + _A_STATEMENT])) for start in starts)
    database.executemany(_statement(_A_STATEMENT), many)
    database.executemany(_statement(1), rows[whole:])


@cache
def _statement(rows: int) -> str:
    one = f"({', '.join('?' * len(COLUMNS))})"
    # The names are the program's own.
    return f"INSERT INTO requests ({', '.join(COLUMNS)}) VALUES {', '.join([one] * rows)}"  # noqa: S608


def _insert_texts(database: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    kept = [(values[0], text.prompt, text.answer) for values, text in entries if text is not None]
    database.executemany("INSERT INTO texts VALUES (?, ?, ?)", kept)


def _trim(database: sqlite3.Connection, limits: Limits) -> None:
    with database:
        oldest = int((time.time() - limits.days * _DAY) * 1000)
        database.execute("DELETE FROM requests WHERE id < ?", (oldest,))
    while _size(database) > limits.max_bytes:
        with database:
            (count,) = database.execute("SELECT count(*) FROM requests").fetchone()
            if not count:
                break
            first = "SELECT id FROM requests ORDER BY id LIMIT ?"
            part = max(1, count // _TRIM_PART)
            database.execute(f"DELETE FROM requests WHERE id IN ({first})", (part,))  # noqa: S608
    # As a script: alone it would free a single page.
    database.executescript("PRAGMA incremental_vacuum;")


def _size(database: sqlite3.Connection) -> int:
    """Of what is in use: pages that were freed do not count."""
    pages, free, each = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * each)
