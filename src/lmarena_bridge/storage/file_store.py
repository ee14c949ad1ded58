"""state/files: files that clients uploaded, each beside what is known of it.

`<id>` holds the bytes, `<id>.json` the rest. A file is there when the second is: it is written last and
removed first, so that whatever is killed when leaves nothing that looks like a file and is none.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from lmarena_bridge.storage import atomic

_ID: Final = re.compile(r"file-[0-9a-f]{32}")
_PIECE: Final = 1024 * 1024
# What is older and has no description was left by a process that died. In seconds.
_LEFT_BEHIND: Final = 3600


class StoredFile(msgspec.Struct, frozen=True):
    """What is known of a file. Size in bytes, times in whole seconds since the epoch.

    `owner`: what tells apart for whom files are kept; "": for all.
    """

    id: str
    name: str
    size: int
    purpose: str
    created_at: int
    expires_at: int | None = None
    owner: str = ""


class FileStore:
    """The folder. All methods wait for the disk: call them in a thread. They raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, source: BinaryIO, file: StoredFile) -> StoredFile:
        """Keep a copy of what `source` holds; the result tells its true size."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._tidy(file.created_at)
        with self._draft() as (target, draft):
            shutil.copyfileobj(source, target, _PIECE)
            target.flush()
            os.fsync(target.fileno())
            stored = msgspec.structs.replace(file, size=target.tell())
            target.close()
            atomic.replace_patiently(draft, self._data(file.id))
        try:
            atomic.create(self._about(file.id), msgspec.json.encode(stored))
        except OSError:
            self._data(file.id).unlink(missing_ok=True)
            raise
        return stored

    def files(self, now: float) -> list[StoredFile]:
        """All that are not past their time."""
        if not self._folder.is_dir():
            return []
        found = (self._read(path) for path in self._folder.glob("file-*.json"))
        return [file for file in found if file is not None and not _is_over(file, now)]

    def find(self, file_id: str, now: float) -> tuple[StoredFile, Path] | None:
        """A file, and where its bytes are; None if there is none. `file_id` may be anything."""
        if not _ID.fullmatch(file_id):
            return None
        file, path = self._read(self._about(file_id)), self._data(file_id)
        return None if file is None or _is_over(file, now) or not path.is_file() else (file, path)

    def delete(self, file_id: str) -> bool:
        """False if there was none."""
        if not _ID.fullmatch(file_id):
            return False
        try:
            self._about(file_id).unlink()
        except FileNotFoundError:
            return False
        self._data(file_id).unlink(missing_ok=True)
        return True

    @contextmanager
    def _draft(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A new file in the folder, gone afterwards if it is still under its first name."""
        handle, name = tempfile.mkstemp(prefix=".draft-", dir=self._folder)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                yield target, path
        finally:
            path.unlink(missing_ok=True)

    def _read(self, path: Path) -> StoredFile | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=StoredFile)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def _tidy(self, now: float) -> None:
        """Remove what is past its time, and what is left of uploads that broke off."""
        for file in (self._read(path) for path in self._folder.glob("file-*.json")):
            if file is not None and _is_over(file, now):
                self.delete(file.id)
        for path in self._folder.iterdir():
            if path.suffix != ".json" and not path.with_name(f"{path.name}.json").exists():
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                        path.unlink()

    def _data(self, file_id: str) -> Path:
        return self._folder / file_id

    def _about(self, file_id: str) -> Path:
        return self._folder / f"{file_id}.json"


def _is_over(file: StoredFile, now: float) -> bool:
    return file.expires_at is not None and file.expires_at <= now
