"""The file bed of a server, opened with the first file."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.server.board.shelf import Entry
from lmarena_bridge.server.wire import App
from lmarena_bridge.storage.home import Home

if TYPE_CHECKING:
    from lmarena_bridge.filebed.bed import FileBed

# The first file is not over any sooner than it is looked after.
_LOOK_SECONDS: Final = 10.0


class FileBedWithin:
    """What keeps files and hands them out is 8 MB (2026-11-25), which nobody needs who never uploads one.

    `url` is where the bed is reached if no public address is set. Raises ConfigError, as `file_bed_of` does.
    """

    def __init__(self, home: Home, settings: Callable[[], Settings], url: str) -> None:
        self._home = home
        self._settings = settings
        self._url = url
        self._bed: FileBed | None = None
        self._opening = threading.Lock()
        if settings().file_bed_s3_bucket or self._has_files():
            self._open()

    def app(self) -> App:
        """The bed as an ASGI application. May be called from any thread."""
        from lmarena_bridge.filebed.app import create_file_bed

        return create_file_bed(self._open())

    async def entries(self) -> Sequence[Entry]:
        """All files whose time is not over. Raises StorageFailed."""
        return () if self._bed is None else await self._bed.entries()

    async def keep_tidy(self) -> None:
        """Tidy now and then until cancelled."""
        while True:
            if self._bed is not None:
                await self._bed.keep_tidy()
            await asyncio.sleep(_LOOK_SECONDS)

    def _has_files(self) -> bool:
        directory = self._home.uploads
        return directory.exists() and (not directory.is_dir() or any(directory.iterdir()))

    def _open(self) -> "FileBed":
        from lmarena_bridge.cli.file_bed_parts import file_bed_of, keys_within_server

        with self._opening:
            if self._bed is None:
                self._bed = file_bed_of(self._home, self._settings, keys=keys_within_server, url=self._url)
            return self._bed
