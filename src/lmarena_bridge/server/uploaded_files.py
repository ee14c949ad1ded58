"""Files that clients upload through /v1/files, to name them in messages afterwards."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from lmarena_bridge.bridge import World
from lmarena_bridge.core.chat.attachments import held_attachment
from lmarena_bridge.core.chat.file_names import file_name
from lmarena_bridge.core.chat.media_types import UNKNOWN
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import NotStored, UnknownFile
from lmarena_bridge.server.caller import may_have
from lmarena_bridge.storage.file_store import FileStore, StoredFile


class UploadedFiles:
    """The files of one server; the disk is waited for in threads.

    A file of another owner is not there (`caller.py` says who is who).
    """

    def __init__(self, store: FileStore, world: World) -> None:
        self._store = store
        self._world = world

    async def keep(
        self, source: BinaryIO, *, name: str | None, purpose: str, life: int | None, owner: str
    ) -> StoredFile:
        """Store what `source` holds, for `life` seconds or until it is deleted. Raises NotStored."""
        now = int(self._world.clock())
        file = StoredFile(
            id=f"file-{self._world.new_id().replace('-', '')}",
            name=file_name(name, UNKNOWN, 1),
            size=0,
            purpose=purpose,
            created_at=now,
            expires_at=None if life is None else now + life,
            owner=owner,
        )
        try:
            return await asyncio.to_thread(self._store.save, source, file)
        except OSError as error:
            raise not_stored(error) from error

    async def all(self, caller: str) -> list[StoredFile]:
        files = await asyncio.to_thread(self._store.files, self._world.clock())
        return [file for file in files if may_have(caller, file.owner)]

    async def find(self, file_id: str, caller: str) -> tuple[StoredFile, Path]:
        """A file, and where its bytes are. Raises UnknownFile."""
        found = await asyncio.to_thread(self._find, file_id, caller)
        if found is None:
            raise _unknown(file_id)
        return found

    async def delete(self, file_id: str, caller: str) -> None:
        """Raises UnknownFile."""
        await self.find(file_id, caller)
        if not await asyncio.to_thread(self._store.delete, file_id):
            raise _unknown(file_id)

    async def attachments(self, ids: Collection[str], caller: str) -> dict[str, Attachment]:
        """Those of the files that are here, ready to go with a message."""
        return await asyncio.to_thread(self._attachments, ids, caller)

    def _find(self, file_id: str, caller: str) -> tuple[StoredFile, Path] | None:
        found = self._store.find(file_id, self._world.clock())
        return found if found is not None and may_have(caller, found[0].owner) else None

    def _attachments(self, ids: Collection[str], caller: str) -> dict[str, Attachment]:
        attachments: dict[str, Attachment] = {}
        for file_id in ids:
            found = self._find(file_id, caller)
            if found is not None:
                file, path = found
                attachments[file_id] = held_attachment(path.read_bytes(), file.name)
        return attachments


def not_stored(error: OSError) -> NotStored:
    return NotStored(
        f"The file could not be stored ({error.strerror or error}): see to the space on the disk, and to the "
        "permissions of state/files."
    )


def _unknown(file_id: str) -> UnknownFile:
    return UnknownFile(
        f"There is no file {file_id[:80]!r}: GET /v1/files lists those that are here.", param="file_id"
    )
