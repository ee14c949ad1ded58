"""The file bed itself: takes files, knows them by their names, lets them go when their time is over."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from lmarena_bridge.filebed.draft import Draft
from lmarena_bridge.filebed.kinds import KINDS, Kind
from lmarena_bridge.filebed.names import kind_named
from lmarena_bridge.filebed.problems import DiskFull, FileBedProblem, NoSuchFile
from lmarena_bridge.filebed.room import Entry, is_over, to_remove
from lmarena_bridge.filebed.storage import Storage

_log = structlog.get_logger(__name__)

_TIDY_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings of this moment say. Sizes in bytes, times in seconds; 0 keeps forever, 0 is no quota.

    `base_url` is where the outside reaches this file bed, without "/uploads". No `keys`: nobody is asked.
    """

    base_url: str
    keys: Collection[str] = field(default=(), repr=False)
    keep_seconds: float = 24 * 3600.0
    max_bytes: int = 512 * 1024 * 1024
    quota_bytes: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept. `size` in bytes; `expires` in seconds since 1970, None for never."""

    name: str
    url: str
    size: int
    content_type: str
    expires: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """A file to hand out."""

    name: str
    kind: Kind
    size: int
    since: float


class FileBed:
    """One storage and its rules. `clock` gives seconds since 1970, `new_id` 32 random hexadecimal digits."""

    def __init__(
        self,
        storage: Storage,
        rules: Callable[[], Rules],
        *,
        clock: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self.rules = rules
        self._storage = storage
        self._clock = clock
        self._new_id = new_id
        self._making_room = asyncio.Lock()
        self._promised = 0  # bytes that have been given room and are not in the storage yet

    async def keep(self, data: AsyncIterable[bytes], content_type: str = "") -> StoredFile:
        """Take a file from a stream. Raises FileBedProblem; then nothing of it is left."""
        async with self.draft() as draft:
            async for piece in data:
                await draft.write(piece, content_type)
            return self.stored(await draft.finish())

    def stored(self, entry: Entry) -> StoredFile:
        """What the uploader is told about a file that is in the storage."""
        rules = self.rules()
        return StoredFile(
            name=entry.name,
            url=f"{rules.base_url.rstrip('/')}/uploads/{entry.name}",
            size=entry.size,
            content_type=KINDS[entry.name.partition(".")[2]].content_type,
            expires=entry.since + rules.keep_seconds if rules.keep_seconds else None,
        )

    @asynccontextmanager
    async def draft(self) -> AsyncGenerator[Draft, None]:
        """A file that comes in pieces: there after `finish`, else nothing of it is left."""
        rules = self.rules()
        limit = min(rules.max_bytes, rules.quota_bytes or rules.max_bytes)
        draft = Draft(self._storage, limit=limit, clock=self._clock, new_id=self._new_id, room=self._room_for)
        try:
            yield draft
        except DiskFull:
            with suppress(FileBedProblem):
                await self.tidy()
            raise
        finally:
            await draft.drop()

    async def find(self, name: str) -> Found:
        """Raises NoSuchFile, also when its time is over and it only was not removed yet."""
        kind = kind_named(name)
        if kind is None:
            raise NoSuchFile
        entry = await self._storage.find(name)
        if is_over(entry.since, self._clock(), self.rules().keep_seconds):
            raise NoSuchFile
        return Found(name, kind, entry.size, entry.since)

    async def read(self, found: Found, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`. Raises NoSuchFile before the first."""
        return await self._storage.read(found.name, start, end)

    async def entries(self) -> list[Entry]:
        """All files whose time is not over. Raises StorageFailed."""
        keep, now = self.rules().keep_seconds, self._clock()
        return [entry for entry in await self._storage.entries() if not is_over(entry.since, now, keep)]

    async def tidy(self) -> None:
        """Remove what is over, what is too much, and what broken uploads of killed processes have left."""
        self._storage.sweep(self._clock())
        await self._make_room(0)

    async def keep_tidy(self) -> None:
        """Tidy now and then until cancelled."""
        while True:
            try:
                await self.tidy()
            except FileBedProblem as problem:
                _log.warning("file bed: not tidied", problem=problem.message)
            await asyncio.sleep(_TIDY_SECONDS)

    @asynccontextmanager
    async def _room_for(self, size: int) -> AsyncGenerator[None, None]:
        """Room for so many bytes, until they are in the storage and count there. Raises StorageFailed."""
        async with self._making_room:
            await self._make_room(self._promised + size)
            self._promised += size
        try:
            yield
        finally:
            self._promised -= size

    async def _make_room(self, needed: int) -> None:
        rules = self.rules()
        if not rules.keep_seconds and not rules.quota_bytes:
            return
        going = to_remove(
            await self._storage.entries(),
            now=self._clock(),
            keep_seconds=rules.keep_seconds,
            quota=rules.quota_bytes,
            needed=needed,
        )
        for entry in going:
            await self._storage.remove(entry.name)
        if going:
            _log.info("file bed: files removed", count=len(going), bytes=sum(entry.size for entry in going))
