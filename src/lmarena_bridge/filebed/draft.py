"""One file on its way in."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress

from lmarena_bridge.filebed.kinds import HEAD_BYTES, kind_of
from lmarena_bridge.filebed.problems import BadUpload, TooLarge
from lmarena_bridge.filebed.room import Entry
from lmarena_bridge.filebed.storage import Storage, Write


class _Dropped(Exception):
    """Tells the storage that the file will not be finished."""


class Draft:
    """Holds the first bytes back until they show what the file is, for its name ends accordingly."""

    def __init__(
        self,
        storage: Storage,
        *,
        limit: int,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        room: Callable[[int], AbstractAsyncContextManager[None]],
    ) -> None:
        self.size = 0
        self._storage = storage
        self._limit = limit
        self._clock = clock
        self._new_id = new_id
        self._room = room
        self._name = ""
        self._declared = ""
        self._head = b""
        self._write: Write | None = None
        self._open = AsyncExitStack()

    async def write(self, data: bytes, content_type: str = "") -> None:
        """One more piece; the declared type may become known with any of the first. Raises FileBedProblem."""
        self.size += len(data)
        self._declared = content_type or self._declared
        if self.size > self._limit:
            raise TooLarge(self._limit)
        if self._write is not None:
            await self._write(data)
            return
        self._head += data
        if len(self._head) >= HEAD_BYTES:
            await self._begin()

    async def finish(self) -> Entry:
        """Put the file in its place. Raises FileBedProblem."""
        if not self.size:
            raise BadUpload("The file is empty: there is nothing to keep.")
        if self._write is None:
            await self._begin()
        async with self._room(self.size):
            await self._open.aclose()
        return Entry(self._name, self.size, self._clock())

    async def drop(self) -> None:
        """Leave nothing of a file that was not finished."""
        with suppress(_Dropped):
            async with self._open.pop_all():
                raise _Dropped

    async def _begin(self) -> None:
        kind = kind_of(self._head, self._declared)
        self._name = f"{self._new_id()}.{kind.extension}"
        self._write = await self._open.enter_async_context(self._storage.writing(self._name))
        head, self._head = self._head, b""
        await self._write(head)
