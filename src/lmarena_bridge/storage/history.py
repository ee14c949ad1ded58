"""The history of requests: written by a thread of its own, read by whoever shows it.

Who records does not wait, whatever the disk does: a line of bounded length takes the rows, and what finds it
full is lost. They are written once a second, so a program that is killed loses those of its last second; one
that is stopped writes them first. Nothing that goes wrong here reaches a request.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from lmarena_bridge.storage.history_file import Entry, HistoryFile, Limits, connected
from lmarena_bridge.storage.history_schema import NewerHistory, Row, Text, values_of, version_of

# Two seconds of the most that this program can answer.
_LINE: Final = 5000
# Each time costs as much as some hundred rows, and nobody needs a row at once.
_GATHER_SECONDS: Final = 1.0
# So long without a row, and the file is closed: whoever wants to move or delete it can.
_QUIET_SECONDS: Final = 10.0
_PATIENCE: Final = 5.0

# What a row can hold that the file does not take: half a character, a number of fifty digits, an id that
# another program has given in the same millisecond. The others of its second can be written.
_UNFIT: Final = (OverflowError, UnicodeEncodeError, sqlite3.IntegrityError)


class History:
    """One file. `told` hears of what goes wrong, each thing once in a row."""

    def __init__(self, path: Path, limits: Limits, told: Callable[[str], None]) -> None:
        self.limits = limits
        self._path = path
        self._told = told
        self._line: queue.SimpleQueue[Entry | Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="history", daemon=True)
        self._hurry = threading.Event()
        self._overrun = False
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
        """Add a row as it is now, some time soon. Costs a place in line."""
        if self._line.qsize() < _LINE:
            self._line.put((values_of(row), text))
        else:
            self._overrun = True

    def settled(self) -> None:
        """Return when everything recorded so far is written."""
        done = threading.Event()
        self._line.put(done.set)
        self._hurry.set()
        done.wait(_PATIENCE)

    def rows(
        self, *, before: int | None = None, limit: int = 100, model: str = "", failed: bool = False
    ) -> list[Mapping[str, Any]]:
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

    def since(self, started: float) -> list[Mapping[str, Any]]:
        """Rows that began since then, the oldest first, without their words."""
        query = (
            "SELECT started, status, first, total, tokens FROM requests"
            " WHERE id >= ? AND started >= ? ORDER BY id"
        )
        return self._read(query, (int(started * 1000), started))

    def text(self, request: int) -> Text | None:
        """What was asked and answered, if it was kept."""
        found = self._read("SELECT prompt, answer FROM texts WHERE request = ?", (request,))
        return Text(**found[0]) if found else None

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
                database.execute("DELETE FROM requests")
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _read(self, query: str, values: tuple[Any, ...]) -> list[Mapping[str, Any]]:
        """Nothing as long as there is no file, or if it cannot be read."""
        if not self._path.is_file():
            return []
        try:
            with connected(self._path) as database:
                database.row_factory = sqlite3.Row
                if not version_of(database):
                    return []
                return [dict(row) for row in database.execute(query, values)]
        except sqlite3.Error as error:
            self._told(f"the history cannot be read ({error})")
            return []

    # -- the thread ------------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        file = HistoryFile(self._path)
        over = False
        while not over:
            waiting = [self._next(file)]
            self._hurry.wait(_GATHER_SECONDS)
            self._hurry.clear()
            waiting += [self._line.get_nowait() for _ in range(self._line.qsize())]
            over = None in waiting
            if entries := [each for each in waiting if isinstance(each, tuple)]:
                self._write(file, entries)
            if over:
                file.close()
            for each in waiting:
                if callable(each):
                    each()

    def _next(self, file: HistoryFile) -> Entry | Callable[[], None] | None:
        try:
            return self._line.get(timeout=_QUIET_SECONDS)
        except queue.Empty:
            file.close()
            return self._line.get()

    def _write(self, file: HistoryFile, entries: list[Entry]) -> None:
        overrun, self._overrun = self._overrun, False
        try:
            file.write(entries, self.limits)
        except NewerHistory:
            self._complain(f"{self._path.name} was written by a later version: nothing is recorded")
        except _UNFIT as error:
            if len(entries) > 1:
                for entry in entries:
                    self._write(file, [entry])
            else:
                self._complain(f"a request is not recorded ({error})")
        except sqlite3.Error as error:
            if "malformed" in str(error) or "not a database" in str(error):
                file.set_aside()
            self._complain(f"requests are not recorded ({error})")
        else:
            self._complain("some requests are not recorded (the disk is too slow)" if overrun else "")

    def _complain(self, message: str) -> None:
        """Each thing once in a row; nothing, if all is well."""
        if message and message != self._complaint:
            self._told(message)
        self._complaint = message
