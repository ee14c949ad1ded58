"""Uploads to the file bed that the settings name: the client of the bed, joined to them."""

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.outbound.local_addresses import is_local
from lmarena_bridge.outbound.upload_memory import UploadMemory

if TYPE_CHECKING:
    from httpx2 import AsyncClient


class FileBedUploads:
    """Fills a port of `attaching.py`. `own`: the address of the server itself, http://127.0.0.1:5102.

    The HTTP client comes with the first upload: it and its certificates are 6 MB (2026-11-25).
    """

    def __init__(self, own: str) -> None:
        self._own = own
        self._memory = UploadMemory(time.monotonic)
        self._http: AsyncClient | None = None

    async def upload(self, file: Attachment, settings: Settings) -> str:
        """The link to the uploaded file. Raises FileBedError."""
        address, key = settings.file_bed_upload_url, settings.file_bed_api_key
        if is_own_file_bed(settings):
            address, key = f"{self._own}/upload", key or settings.own_key
        return await self._memory.link(file, address, lambda: self._uploaded(file, address, key))

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def _uploaded(self, file: Attachment, address: str, key: str) -> str:
        from lmarena_bridge.outbound.file_bed import FileBedClient, http_client

        self._http = self._http or http_client()
        return await FileBedClient(self._http).upload(file, address, key)


def is_own_file_bed(settings: Settings) -> bool:
    """Whether uploads go to the bed within the server: it stands in for the one of this computer."""
    if not settings.file_bed_mounted or not is_local(settings.file_bed_upload_url):
        return False
    try:
        return urlsplit(settings.file_bed_upload_url).port in (settings.file_bed_port, settings.port)
    except ValueError:
        return False
