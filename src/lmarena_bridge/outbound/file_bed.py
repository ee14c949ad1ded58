"""Uploads to a file bed: our own, or one that speaks the JSON known from earlier bridges.

`{"file_name", "file_data": "data:…;base64,…", "api_key"}` → `{"success", "filename"}`, and `"url"` from ours.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

import httpx2

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import FileBedError

# A file of the largest size over a slow line; between two signs of life, not in all.
_TIMEOUT: Final = httpx2.Timeout(60, connect=10)
_PIECE: Final = 256 * 1024
_MOST_SAID: Final = 64 * 1024
_AFTER: Final = b'"}'


class FileBedClient:
    """Brings attachments into a file bed. Give it an HTTP client whose life is the server's."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def upload(self, file: Attachment, address: str, key: str) -> str:
        """The link under which the bed at `address` keeps the file. Raises FileBedError."""
        payload = file.url.index(",") + 1
        before = _before(file.name, key, file.url[:payload])
        headers = {
            "content-type": "application/json",
            "content-length": str(len(before) + len(file.url) - payload + len(_AFTER)),
        }
        try:
            async with self._http.stream(
                "POST", address, content=_body(before, file.url, payload), headers=headers, timeout=_TIMEOUT
            ) as response:
                said = await _said(response)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FileBedError(
                f"The file bed at {address} did not take {file.name!r}: {_reason(error)}. Is it running, and "
                "is file_bed_upload_url in config.jsonc its address? Or switch off file_bed_enabled."
            ) from error
        return _link(file, address, response.status_code, said)


def http_client() -> httpx2.AsyncClient:
    """What a FileBedClient works with: proxies of the environment are for the internet, not for here."""
    local = ("all://localhost", "all://127.0.0.1", "all://[::1]")
    return httpx2.AsyncClient(follow_redirects=False, mounts=dict.fromkeys(local))


def _before(name: str, key: str, head: str) -> bytes:
    """The JSON up to the base64, which itself needs no escapes."""
    start = json.dumps({"file_name": name, "api_key": key, "file_data": head})
    return start.removesuffix('"}').encode()


async def _body(before: bytes, url: str, payload: int) -> AsyncIterator[bytes]:
    """In pieces: a body in one would be as large as the file once more."""
    yield before
    for at in range(payload, len(url), _PIECE):
        yield url[at : at + _PIECE].encode("ascii")
    yield _AFTER


async def _said(response: httpx2.Response) -> Any:
    """The bed's answer; None if it is none."""
    said = b""
    async for piece in response.aiter_bytes():
        said += piece
        if len(said) > _MOST_SAID:
            return None
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def _link(file: Attachment, address: str, status: int, said: Any) -> str:
    match said:
        case {"success": True, "url": str(url)} if url.startswith(("https://", "http://")):
            return url
        case {"success": True, "filename": str(name)} if name:
            parts = urlsplit(address)
            # Earlier beds say no more than the name; they serve it beside /upload.
            path = f"{parts.path.rpartition('/')[0]}/uploads/{quote(name, safe='')}"
            return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        case {"error": str(reason)} | {"detail": str(reason)} | {"message": str(reason)} if reason:
            raise FileBedError(f"The file bed did not take {file.name!r} (HTTP {status}): {reason[:300]}")
        case _:
            raise FileBedError(
                f"The file bed at {address} gave no link for {file.name!r} (HTTP {status}). Is "
                "file_bed_upload_url in config.jsonc the address for uploads, with /upload at its end?"
            )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
