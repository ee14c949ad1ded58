"""Where the bytes are: a directory of this machine, or a bucket that speaks S3. Through obstore."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from lmarena_bridge.filebed.names import is_left_over, kind_named
from lmarena_bridge.filebed.problems import DiskFull, NoSuchFile, StorageFailed
from lmarena_bridge.filebed.room import Entry

if TYPE_CHECKING:
    from obstore import AsyncWritableFile
    from obstore.store import ObjectStore

_log = structlog.get_logger(__name__)

# The smallest part of an S3 upload; two of them at most are in memory for each upload.
_PART_BYTES: Final = 5 * 1024 * 1024
_PARTS_AT_ONCE: Final = 2
# In a directory pieces may be small; a bigger one only costs memory.
_LOCAL_PART_BYTES: Final = 1024 * 1024
_READ_BYTES: Final = 256 * 1024
# ENOSPC, EDQUOT on Linux and macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
_FULL: Final = re.compile(
    r"\(os error (?:39|112)\)" if sys.platform == "win32" else r"\(os error (?:28|69|122)\)"
)
# Deleting several at once is what many a storage that speaks S3 does not know.
_ONE_BY_ONE: Final[Mapping[str, bool]] = MappingProxyType({"disable_bulk_delete": True})
# A piece of an upload that nobody has written to for this long was left by a process that died. In seconds.
_LEFT_BEHIND: Final = 3600
_ABORT_SECONDS: Final = 5

Write = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket. Without keys those of the environment are used; without an endpoint Amazon's own."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key_id: str = field(default="", repr=False)
    secret_access_key: str = field(default="", repr=False)


class Storage:
    """Files by name. Everything raises StorageFailed; NoSuchFile and DiskFull where said."""

    def __init__(self, store: "ObjectStore", *, directory: Path | None, part_bytes: int) -> None:
        self._store = store
        self._directory = directory
        self._part_bytes = part_bytes

    @asynccontextmanager
    async def writing(self, name: str) -> AsyncGenerator["Write", None]:
        """A new file: whole and visible when the context ends well, else never there. Raises DiskFull."""
        file = obstore.open_writer_async(
            self._store, name, buffer_size=self._part_bytes, max_concurrency=_PARTS_AT_ONCE
        )

        async def write(data: bytes) -> None:
            with _told():
                await file.write(data)

        await file.__aenter__()
        try:
            yield write
            with _told():
                await file.close()
        except BaseException:
            await _take_back(file)
            raise

    async def find(self, name: str) -> Entry:
        """Raises NoSuchFile."""
        with _told():
            meta = await obstore.head_async(self._store, name)
            return Entry(name, meta["size"], meta["last_modified"].timestamp())

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, in pieces. Raises NoSuchFile before the first."""
        if start == end:
            return _nothing()
        with _told():
            found = await obstore.get_async(self._store, name, options={"range": (start, end)})
            return _pieces(found.stream(min_chunk_size=_READ_BYTES))

    async def entries(self) -> list[Entry]:
        """All files that are ours. What else lies there is left alone."""
        found: list[Entry] = []
        with _told():
            async for metas in obstore.list(self._store):
                found += [
                    Entry(meta["path"], meta["size"], meta["last_modified"].timestamp())
                    for meta in metas
                    if kind_named(meta["path"]) is not None
                ]
        return found

    async def remove(self, name: str) -> None:
        """Nothing happens if it is gone already."""
        try:
            with _told():
                await obstore.delete_async(self._store, name)
        except NoSuchFile:
            pass

    def sweep(self, now: float) -> None:
        """Remove what a killed process has left of its uploads. (For S3, lifecycle rules do that.)"""
        if self._directory is None:
            return
        try:
            for file in self._directory.iterdir():
                if is_left_over(file.name) and now - file.stat().st_mtime > _LEFT_BEHIND:
                    file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("file bed: cannot tidy up", problem=str(error))


def in_directory(directory: Path) -> Storage:
    """Raises OSError if the directory cannot be made or used."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Storage(LocalStore(directory), directory=directory, part_bytes=_LOCAL_PART_BYTES)


def in_bucket(place: S3Place) -> Storage:
    """Raises ValueError if what is configured cannot be right. Asks nobody yet."""
    if place.endpoint and not urlsplit(place.endpoint).hostname:
        raise ValueError(f"{place.endpoint!r} is no address")
    given = {
        "endpoint": place.endpoint,
        "region": place.region or "us-east-1",
        "access_key_id": place.access_key_id,
        "secret_access_key": place.secret_access_key,
    }
    try:
        store = S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config={**{key: value for key, value in given.items() if value}, **_ONE_BY_ONE},  # type: ignore[arg-type]
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(seconds=30),
                "timeout": timedelta(minutes=10),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=5)},
        )
    except BaseError as error:
        raise ValueError(_first_line(error)) from error
    return Storage(store, directory=None, part_bytes=_PART_BYTES)


async def _take_back(file: "AsyncWritableFile") -> None:
    """Leave nothing behind, and wait no longer for it than somebody may wait for an error."""
    with suppress(BaseError, OSError):
        async with asyncio.timeout(_ABORT_SECONDS):
            await file.__aexit__(*sys.exc_info())


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    with _told():
        async for piece in stream:
            yield bytes(piece)


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the storage in our own words; what it said itself goes to the log alone."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchFile from error
    except (BaseError, OSError) as error:
        if _FULL.search(str(error)):
            _log.error("file bed: no space left", problem=_first_line(error))
            raise DiskFull from error
        _log.error("file bed: storage failed", problem=_first_line(error))
        raise StorageFailed from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:500]
