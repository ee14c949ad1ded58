"""Images for messages: those of earlier answers that this server keeps, and any made smaller."""

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from lmarena_bridge.core.chat.attachments import data_uri
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.server.guard import PICTURE_LINKS
from lmarena_bridge.server.pictures import Pictures
from lmarena_bridge.server.scaling import ImageScaler


class AttachableImages:
    """Fills a port of `attaching.py`."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._scaler = ImageScaler()

    async def held(self, addresses: Collection[str]) -> dict[str, str]:
        """Whatever this server was called when it gave the link: nobody else has such a name in it."""
        return await asyncio.to_thread(self._read, addresses)

    async def scaled(self, file: Attachment, most: int) -> Attachment:
        return await self._scaler.scaled(file, most)

    def _read(self, addresses: Collection[str]) -> dict[str, str]:
        held: dict[str, str] = {}
        for address in addresses:
            path = _path(address)
            found = self._pictures.find(path.removeprefix(PICTURE_LINKS)) if path else None
            if found is not None:
                file, content_type = found
                held[address] = data_uri(content_type, file.read_bytes())
        return held


def _path(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return path if path.startswith(PICTURE_LINKS) else ""
