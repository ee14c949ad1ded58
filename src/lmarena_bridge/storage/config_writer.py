"""Writes into the person's files: in place, one writer at a time, each change whole or not at all."""

import errno
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from lmarena_bridge.core.config.change import (
    Change,
    added_models,
    added_session,
    changed,
    default_session,
    removed_models,
)
from lmarena_bridge.core.config.sessions import Mode, SessionEntry, Side
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.home import Home

# Seconds that another writer may take, and between two looks at whether it has finished.
_PATIENCE: Final = 10.0
_POLL: Final = 0.005
# How often a program that knows nothing of the lock, say an editor, may save while we write.
_TRIES: Final = 5

_LOCKED: Final = Template(
    "write.locked",
    "{file} was not changed: another program has held {lock} for {seconds} s; try again when it has ended",
)
_OVERTAKEN: Final = Template(
    "write.overtaken", "{file} was not changed: another program keeps writing to it; try again"
)
_NOT_WRITTEN: Final = Template(
    "write.failed", "{path} could not be written and is as it was ({why}): {advice}"
)
_PERMISSIONS: Final = Template("write.permissions", "see to its permissions and to those of its directory")
_ADVICE: Final[Mapping[int, Template]] = {
    errno.ENOSPC: Template("write.no.room", "make room on the disk"),
    errno.EBUSY: Template(
        "write.mounted",
        "it is mounted by itself, as in a container; mount the directory that it is in instead",
    ),
}


class ConfigWriter:
    """Changes the files of a home and keeps everything in them that it was not asked to change.

    Comments, order, layout, line ends, a byte order mark and the permissions stay; a file that says already
    what it should is not touched. All methods may be called from any thread and any process at the same
    time; they block, for some milliseconds as a rule. They raise ConfigError, and then the file is as it was.
    """

    def __init__(
        self,
        home: Home,
        *,
        patience: float = _PATIENCE,
        write: Callable[[Path, bytes, bytes | None], None] = atomic.write_over,
    ) -> None:
        """`patience`: how long to wait for another writer, in seconds."""
        self._home = home
        self._lock = home.state / "config.lock"
        self._patience = patience
        self._write = write

    def set_default_session(
        self, session_id: str, message_id: str, mode: Mode, battle_target: Side | None, profile: str = ""
    ) -> None:
        """The ids in config.jsonc, which serve every model without a session of its own.

        Without a `battle_target` the one that is set stays.
        """
        self.write(default_session(session_id, message_id, mode, battle_target, profile))

    def add_session(self, model: str, entry: SessionEntry, append: bool) -> None:
        """A session in the pool of a model, beside those it has (`append`) or instead of them.

        One that is in the pool already is not doubled, but renewed.
        """
        self.write(added_session(model, entry, append=append))

    def add_models(self, models: Mapping[str, str]) -> None:
        """Models in models.json, each name with its "id" or "id:kind"; known names get the new one."""
        self.write(added_models(models))

    def remove_models(self, names: Iterable[str]) -> None:
        """Take models out of models.json; names that are not in it are passed over."""
        self.write(removed_models(names))

    def write(self, change: Change) -> None:
        """Carry out any change of a file."""
        path = self._home.path / change.file
        lock = FileLock(self._lock)  # one that has no name is released at once
        try:
            self._home.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            with lock.acquire(timeout=self._patience, poll_interval=_POLL):
                atomic.sweep(path)
                self._write_locked(path, change)
        except Timeout as error:
            raise ConfigError(
                _LOCKED(file=path.name, lock=str(self._lock), seconds=f"{self._patience:g}")
            ) from error
        except OSError as error:
            why, advice = error.strerror or str(error), _ADVICE.get(error.errno or 0, _PERMISSIONS)
            raise ConfigError(_NOT_WRITTEN(path=str(path), why=why, advice=advice())) from error

    def _write_locked(self, path: Path, change: Change) -> None:
        for _ in range(_TRIES):
            old = _read(path)
            new = changed(old, change)
            if new == old:
                return
            try:
                return self._write(path, new, old)
            except atomic.Overtaken:
                continue
        raise ConfigError(_OVERTAKEN(file=path.name))


def _read(path: Path) -> bytes | None:
    """What the file holds now. Raises PermissionError if its owner has closed it to changes."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if not path.stat().st_mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, "it is read-only")
    return data
