"""The history of requests: written by a thread of its own, read by whoever shows it.

Who records does not wait, whatever the disk does: a line of bounded length takes the rows, and what finds it
full is lost. The file is bounded by age and size. Nothing that goes wrong here reaches a request.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final

from lmarena_bridge.storage.history_schema import NewerHistory, migrate

Row = Mapping[str, Any]

_LINE: Final = 5000
# More of them at once are cheaper by the piece: opening and closing the file is most of it.
_AT_ONCE: Final = 2000
_A_STATEMENT: Final = 50
# Opening the file and writing costs milliseconds, for one row or for many; nobody needs a row at once.
_GATHER_SECONDS: Final = 1.0
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


@dataclass(frozen=True, slots=True)
class Text:
    """A conversation as it was asked and answered."""

    prompt: str
    answer: str


class History:
    """One file. `told` hears of what goes wrong, each thing once in a row."""

    def __init__(self, path: Path, limits: Limits, told: Callable[[str], None]) -> None:
        self.limits = limits
        self._path = path
        self._told = told
        self._line: queue.SimpleQueue[tuple[Row, Text | None] | Callable[[], None] | None]
        self._line = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="history", daemon=True)
        self._hurry = threading.Event()
        self._trimmed_at = 0.0
        self._complaint = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what is in line, and end. Waits for the disk, but not for ever."""
        self._line.put(None)
        self._hurry.set()
        self._thread.join(_PATIENCE)

    # -- from any thread -------------------------------------------------------------------------------------

    def record(self, row: Row, text: Text | None = None) -> None:
        """Add a row, some time soon. Costs a place in line."""
        if self._line.qsize() < _LINE:
            self._line.put((row, text))

    def settled(self) -> None:
        """Return when everything recorded so far is written."""
        done = threading.Event()
        self._line.put(done.set)
        self._hurry.set()
        done.wait(_PATIENCE)

    def rows(
        self, *, before: int | None = None, limit: int = 100, model: str = "", failed: bool = False
    ) -> list[Row]:
        """The latest rows, the newest first; those before the row `before`."""
        conditions, values = ["id < ?"], [before if before is not None else 2**62]
        if model:
            conditions.append("model = ?")
            values.append(model)  # type: ignore[arg-type]
        if failed:
            conditions.append("status >= 400")
        # The conditions are ours, what they are compared with is handed over apart.
        query = f"SELECT * FROM requests WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"  # noqa: S608
        return self._read(query, (*values, limit))

    def since(self, started: float) -> list[Row]:
        """Rows that began since then, the oldest first, without their words."""
        query = (
            "SELECT started, status, first, total, tokens FROM requests WHERE started >= ? ORDER BY started"
        )
        return self._read(query, (started,))

    def text(self, request: int) -> Text | None:
        """What was asked and answered, if it was kept."""
        found = self._read("SELECT prompt, answer FROM texts WHERE request = ?", (request,))
        return Text(**found[0]) if found else None

    def clear(self) -> None:
        """Forget everything. Raises sqlite3.Error."""
        self.settled()
        with self._open() as database, database:
            database.execute("DELETE FROM texts")
            database.execute("DELETE FROM requests")
        with self._open() as database:
            database.execute("VACUUM")

    def _read(self, query: str, values: tuple[Any, ...]) -> list[Row]:
        """Nothing as long as there is no file, or if it cannot be read."""
        if not self._path.is_file():
            return []
        try:
            with self._open() as database:
                database.row_factory = sqlite3.Row
                return [dict(row) for row in database.execute(query, values)]
        except sqlite3.Error as error:
            self._told(f"the history cannot be read ({error})")
            return []

    # -- the thread ------------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        over = False
        while not over:
            waiting = [self._line.get()]
            self._hurry.wait(_GATHER_SECONDS)
            self._hurry.clear()
            while len(waiting) < _AT_ONCE:
                try:
                    waiting.append(self._line.get_nowait())
                except queue.Empty:
                    break
            over = None in waiting
            self._write([each for each in waiting if isinstance(each, tuple)])
            for each in waiting:
                if callable(each):
                    each()

    def _write(self, rows: list[tuple[Row, Text | None]]) -> None:
        if not rows:
            return
        try:
            self._try_to_write(rows)
            self._complaint = ""
        except NewerHistory:
            self._complain(f"{self._path.name} was written by a later version: nothing is recorded")
        except sqlite3.DatabaseError as error:
            if "malformed" in str(error) or "not a database" in str(error):
                self._set_aside()
            self._complain(f"requests are not recorded ({error})")

    def _try_to_write(self, rows: list[tuple[Row, Text | None]]) -> None:
        with self._open() as database:
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA journal_size_limit = 4194304")
            database.execute("PRAGMA synchronous = NORMAL")
            migrate(database)
            with database:
                _insert(database, [row for row, _ in rows])
                _insert_texts(database, rows)
            if time.monotonic() - self._trimmed_at >= _TRIM_EVERY or not self._trimmed_at:
                self._trimmed_at = time.monotonic()
                self._trim(database)

    def _trim(self, database: sqlite3.Connection) -> None:
        limits = self.limits
        with database:
            database.execute("DELETE FROM requests WHERE started < ?", (time.time() - limits.days * _DAY,))
        while _size(database) > limits.max_bytes:
            with database:
                (count,) = database.execute("SELECT count(*) FROM requests").fetchone()
                if not count:
                    break
                oldest = "SELECT id FROM requests ORDER BY id LIMIT ?"
                part = max(1, count // _TRIM_PART)
                database.execute(f"DELETE FROM requests WHERE id IN ({oldest})", (part,))  # noqa: S608
        # As a script: alone it would free a single page.
        database.executescript("PRAGMA incremental_vacuum;")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as database:
            database.execute("PRAGMA foreign_keys = ON")
            yield database

    def _set_aside(self) -> None:
        """A file that is no database any more is kept for whoever can mend it, and a new one begun."""
        with suppress(OSError):
            self._path.replace(self._path.with_name(f"{self._path.name}.broken"))
        for ending in ("-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _complain(self, message: str) -> None:
        if message != self._complaint:
            self._complaint = message
            self._told(message)


def _insert(database: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Many with one statement: with each, the thread of the answers is held up for a moment."""
    for names, alike in groupby(rows, key=tuple):
        values = [tuple(row.values()) for row in alike]
        for start in range(0, len(values), _A_STATEMENT):
            some = values[start : start + _A_STATEMENT]
            database.execute(_statement(names, len(some)), tuple(chain.from_iterable(some)))


@lru_cache(maxsize=256)
def _statement(names: tuple[str, ...], rows: int) -> str:
    one = f"({', '.join('?' * len(names))})"
    # The names are the program's own.
    return f"INSERT OR REPLACE INTO requests ({', '.join(names)}) VALUES {', '.join([one] * rows)}"  # noqa: S608


def _insert_texts(database: sqlite3.Connection, rows: Sequence[tuple[Row, Text | None]]) -> None:
    kept = [(row["id"], text.prompt, text.answer) for row, text in rows if text is not None]
    database.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?, ?)", kept)


def _size(database: sqlite3.Connection) -> int:
    """Of what is in use: pages that were freed do not count."""
    pages, free, each = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * each)
