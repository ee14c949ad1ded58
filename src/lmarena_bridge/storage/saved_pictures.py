"""downloaded_images: the person's own collection, a folder a day, a file of JSON beside each picture."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from lmarena_bridge.storage import atomic


@dataclass(frozen=True, slots=True)
class Origin:
    """How a picture came to be. `time`: when it came, with the computer's own time zone."""

    prompt: str
    model: str
    time: datetime


class SavedPictures:
    """The collection. Nothing in it is ever changed or removed by us."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, data: bytes, ending: str, origin: Origin) -> Path:
        """Add a picture; waits for the disk, so call it in a thread. Raises OSError.

        It is `2026-11-24/031522-6f1c2ab9.png`: the time of day, and what tells pictures of one second apart.
        """
        day = self._folder / origin.time.strftime("%Y-%m-%d")
        day.mkdir(mode=0o700, parents=True, exist_ok=True)
        stem = f"{origin.time:%H%M%S}-{hashlib.sha256(data).hexdigest()[:8]}"
        path = day / f"{stem}.{ending}"
        atomic.create(path, data)
        atomic.create(day / f"{stem}.json", _side_file(path.name, origin))
        return path


def _side_file(name: str, origin: Origin) -> bytes:
    told = {"file": name, **asdict(origin), "time": origin.time.isoformat(timespec="seconds")}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
