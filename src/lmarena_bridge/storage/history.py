"""The history of requests: written by a thread of its own, read by whoever shows it.

Who records does not wait, whatever the disk does: what comes in a second is gathered, and what is more than
its bound is lost. It is written once a second, so a program that is killed loses its last second; one that is
stopped writes it first. Nothing that goes wrong here reaches a request.
"""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from lmarena_bridge.storage import history_reading
from lmarena_bridge.storage.history_batch import Gathered
from lmarena_bridge.storage.history_file import HistoryFile, Limits, connected
from lmarena_bridge.storage.history_schema import (
    FIELDS,
    MIGRATIONS,
    NewerHistory,
    Row,
    Text,
    migrate,
    values_of,
    version_of,
)

# What is gathered at most, in characters: two seconds of the most that this program can answer.
_ROOM: Final = 1_000_000
_ROOM_WITH_TEXTS: Final = 64_000_000
# Each time costs as much as some hundred rows, and nobody needs a row at once.
_GATHER_SECONDS: Final = 1.0
# So long without a row, and the file is closed: whoever wants to move or delete it can.
_QUIET_SECONDS: Final = 10.0
_PATIENCE: Final = 5.0

_Found = TypeVar("_Found")


class History:
    """One file. `told` hears of what goes wrong, each thing once in a row."""

    def __init__(self, path: Path, limits: Limits, told: Callable[[str], None]) -> None:
        self.limits = limits
        self._path = path
        self._told = told
        # What is to be written, who waits for that, and whether anybody is to be told of it.
        self._lock = threading.Lock()
        self._gathered = Gathered()
        self._waiting: list[threading.Event] = []
        self._problem = ""
        self._stopped = False
        self._thread = threading.Thread(target=self._write_all, name="history", daemon=True)
        self._work = threading.Event()
        self._hurry = threading.Event()
        self._complaint = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what was gathered, and end. Waits for the disk, but not for ever."""
        self._stopped = True
        self._hasten()
        self._thread.join(_PATIENCE)

    # -- from any thread -------------------------------------------------------------------------------------

    def record(self, row: Row, text: Text | None = None) -> None:
        """Add a row as it is now, some time soon."""
        with self._lock:
            gathered = self._gathered
            size = gathered.size
            if size > _ROOM and (text is None or size > _ROOM_WITH_TEXTS):
                self._problem = "some requests are not recorded (the disk is too slow)"
                return
            try:
                gathered.add(row, text)
            except ValueError as error:
                self._problem = f"a request is not recorded ({error})"
        if not size:
            self._work.set()

    def settled(self) -> None:
        """Return when everything recorded so far is written."""
        done = threading.Event()
        with self._lock:
            self._waiting.append(done)
        self._hasten()
        done.wait(_PATIENCE)

    def rows(
        self, *, before: int | None = None, limit: int = 100, model: str = "", failed: bool = False
    ) -> list[Mapping[str, Any]]:
        """The latest rows, the newest first; those before the row `before`."""

        def wanted(row: Row) -> bool:
            return (not model or row.model == model) and (not failed or (row.status or 0) >= 400)

        end = 2**62 if before is None else before
        return self._read(lambda database: _told(history_reading.newest(database, end, limit, wanted)), [])

    def since(self, started: float) -> list[Mapping[str, Any]]:
        """Rows that began since then, the oldest first."""
        return self._read(lambda database: _told(history_reading.since(database, started)), [])

    def text(self, request: int) -> Text | None:
        """What was asked and answered, if it was kept."""
        return self._read(lambda database: history_reading.text(database, request), None)

    def clear(self) -> None:
        """Forget everything, so that it cannot be found in the files any more. Raises sqlite3.Error."""
        self.settled()
        if not self._path.is_file():
            return
        with connected(self._path) as database:
            if not version_of(database):
                return
            with database:
                database.execute("DELETE FROM texts")
                database.execute("DELETE FROM batches")
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _read(self, ask: Callable[[sqlite3.Connection], _Found], nothing: _Found) -> _Found:
        """`nothing` as long as there is no file, or if it cannot be read."""
        if not self._path.is_file():
            return nothing
        try:
            with connected(self._path) as database:
                if not (version := version_of(database)):
                    return nothing
                if version != len(MIGRATIONS):
                    migrate(database)
                return ask(database)
        except NewerHistory:
            problem = "it was written by a later version"
        except (sqlite3.Error, msgspec.DecodeError) as error:
            problem = str(error)
        self._told(f"the history cannot be read ({problem})")
        return nothing

    # -- the thread ------------------------------------------------------------------------------------------

    def _hasten(self) -> None:
        self._hurry.set()
        self._work.set()

    def _write_all(self) -> None:
        file = HistoryFile(self._path)
        over = False
        while not over:
            if not self._work.wait(_QUIET_SECONDS):
                file.close()
                self._work.wait()
            self._hurry.wait(_GATHER_SECONDS)
            with self._lock:
                self._work.clear()
                self._hurry.clear()
                over = self._stopped
                gathered, self._gathered = self._gathered, Gathered()
                waiting, self._waiting = self._waiting, []
                problem, self._problem = self._problem, ""
            if gathered.size or problem:
                self._complain(self._written(file, gathered) or problem)
            if over:
                file.close()
            for each in waiting:
                each.set()

    def _written(self, file: HistoryFile, gathered: Gathered) -> str:
        """Why not; nothing, if all is well."""
        if not gathered.size:
            return ""
        try:
            file.write(gathered.packed(), self.limits)
        except NewerHistory:
            return f"{self._path.name} was written by a later version: nothing is recorded"
        except (sqlite3.Error, msgspec.DecodeError) as error:
            if "malformed" in str(error) or "not a database" in str(error):
                file.set_aside()
            return f"requests are not recorded ({error})"
        return ""

    def _complain(self, message: str) -> None:
        """Each thing once in a row."""
        if message and message != self._complaint:
            self._told(message)
        self._complaint = message


def _told(rows: Sequence[Row]) -> list[Mapping[str, Any]]:
    return [dict(zip(FIELDS, values_of(row), strict=True)) for row in rows]
