"""Writing a file so that everybody sees the old one or the new one, whatever is killed when."""

import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

# Windows refuses to replace a file while a virus scanner looks at it. Seconds between the tries.
_PAUSES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4) if sys.platform == "win32" else ()

PRIVATE: Final = 0o600

# A temporary file that is older was left behind by a process that died. In seconds.
_LEFT_BEHIND: Final = 60


class Overtaken(Exception):
    """Somebody else has changed the file since it was read."""


def write(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Replace the file. It keeps permissions and owner; a new one gets `mode`. Links are followed.

    Raises OSError, and then the old file is untouched and nothing is left beside it.
    """
    _write(path, data, mode, lambda target: None)


def write_over(path: Path, data: bytes, old: bytes | None) -> None:
    """Like `write`, but only over a file that still holds `old`, or, with None, where there is none.

    Raises Overtaken and OSError, and then the file is untouched and nothing is left beside it.
    """
    if old is None:
        if not create(Path(os.path.realpath(path)), data):
            raise Overtaken
        return

    def compare(target: Path) -> None:
        try:
            now = target.read_bytes()
        except FileNotFoundError as error:
            raise Overtaken from error
        if now != old:
            raise Overtaken

    _write(path, data, PRIVATE, compare)


def sweep(path: Path) -> None:
    """Remove what a killed process has left beside the file."""
    target = Path(os.path.realpath(path))
    for file in target.parent.iterdir():
        if file.name.startswith(f".{target.name}.") and file.name.endswith(".tmp"):
            with suppress(OSError):
                if time.time() - file.stat().st_mtime > _LEFT_BEHIND:
                    file.unlink()


def create(
    path: Path, data: bytes, *, mode: int = PRIVATE, link: Callable[[Path, Path], None] = os.link
) -> bool:
    """Create the file unless there is one. False: somebody else's is there, and whole. Raises OSError."""
    with _beside(path, data, mode) as temporary:
        try:
            link(temporary, path)
        except FileExistsError:
            return False
        except (OSError, NotImplementedError):
            return _create_without_links(temporary, path)
        _sync_directory(path.parent)
        return True


def replace_patiently(
    source: Path,
    target: Path,
    *,
    replace: Callable[[Path, Path], None] = os.replace,
    pauses: tuple[float, ...] = _PAUSES,
) -> None:
    """Replace `target`, and try again while something holds it. Raises OSError."""
    for pause in pauses:
        try:
            return replace(source, target)
        except PermissionError:
            time.sleep(pause)
    return replace(source, target)


def _write(path: Path, data: bytes, mode: int, last_look: Callable[[Path], None]) -> None:
    target = Path(os.path.realpath(path))
    try:
        old = target.stat()
    except FileNotFoundError:
        old = None
    with _beside(target, data, mode if old is None else stat.S_IMODE(old.st_mode)) as temporary:
        if old is not None:
            _give(temporary, old.st_uid, old.st_gid)
        last_look(target)
        replace_patiently(temporary, target)
    _sync_directory(target.parent)


@contextmanager
def _beside(target: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A finished file in the same directory, gone afterwards if it is still there."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _give(file: Path, user: int, group: int) -> None:
    # A program that runs as root, in a container say, must not take the person's files away from them. Who
    # is not root can give nothing away, and some drives know no owners.
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(file, user, group)


def _create_without_links(temporary: Path, target: Path) -> bool:
    # No hard links here (FAT, some network drives): take the name first, then fill it. Only a crash between
    # these two steps, on such a drive, leaves an empty file.
    try:
        target.touch(exist_ok=False)
    except FileExistsError:
        return False
    replace_patiently(temporary, target)
    _sync_directory(target.parent)
    return True


def _sync_directory(directory: Path) -> None:
    # Windows opens no directories; NTFS keeps names in its journal. Some network drives cannot do it either,
    # and it is no reason to call a file unwritten that everybody sees already.
    if sys.platform != "win32":
        with suppress(OSError):
            handle = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
