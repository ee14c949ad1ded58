"""state/images: pictures that this server gives out under names nobody can guess."""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lmarena_bridge.storage import atomic

_ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "png": "image/png",
        "jpg": "image/jpeg",
        "webp": "image/webp",
        "gif": "image/gif",
        "avif": "image/avif",
    }
)
_NAME: Final = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(_ENDINGS)})")

_DAY: Final = 86_400
# How often the folder is looked through for what is too old. In seconds.
_SWEEP_EVERY: Final = 3600


class KeptPictures:
    """The folder. All methods wait for the disk: call them in a thread."""

    def __init__(self, folder: Path, *, secret: str) -> None:
        """`secret`: what makes names that only this server can make."""
        self._folder = folder
        self._secret = secret.encode("utf-8")
        self._swept_at = 0.0

    def keep(self, data: bytes, ending: str, *, days: int) -> str:
        """Store a picture, once however often it comes, and return its name. Raises OSError.

        `days`: how old the others may be; 0 is no limit.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{hmac.new(self._secret, data, hashlib.sha256).hexdigest()[:32]}.{ending}"
        path = self._folder / name
        if not atomic.create(path, data):
            if path.stat().st_size == len(data):
                path.touch()
            else:  # somebody or something has spoilt it
                atomic.write(path, data)
        self._sweep(days)
        return name

    def find(self, name: str) -> tuple[Path, str] | None:
        """Where the picture of this name is, and its type; None if there is none. `name` may be anything."""
        found = _NAME.fullmatch(name)
        path = self._folder / name if found else None
        return (path, _ENDINGS[found[1]]) if found and path and path.is_file() else None

    def all(self) -> list[tuple[str, int, float]]:
        """Name, size in bytes and time (seconds since 1970) of each picture, the newest first."""
        if not self._folder.is_dir():
            return []
        paths = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        kept = [(path.name, (said := path.stat()).st_size, said.st_mtime) for path in paths]
        return sorted(kept, key=lambda each: -each[2])

    def _sweep(self, days: int) -> None:
        now = time.time()
        if days and now - self._swept_at >= _SWEEP_EVERY:
            self._swept_at = now
            for path in self._folder.iterdir():
                if now - path.stat().st_mtime > days * _DAY:
                    path.unlink(missing_ok=True)
