"""The place where releases are announced: asked for its manifest, and for the wheel that it names.

The person named one address, and only its host is asked: no redirect is followed, no proxy of the environment
used. What comes is bounded in size and time, and believed only when it is signed.
"""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import httpx2

from lmarena_bridge.core.releases.errors import NotReached, NotTrusted
from lmarena_bridge.core.releases.manifest import MAX_MANIFEST_BYTES, Release, read_manifest
from lmarena_bridge.outbound.signatures import signed_with

_HEADERS: Final[Mapping[str, str]] = {"accept-encoding": "identity", "user-agent": "lmarena-bridge"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long looking and downloading may take, in seconds."""

    look: float = 15.0
    download: float = 600.0


class ReleaseIndex:
    """One address with the key of its publisher. `clock`: seconds since 1970."""

    def __init__(
        self, address: str, key: bytes, clock: Callable[[], float], patience: Patience | None = None
    ) -> None:
        self._address = address
        self._key = key
        self._clock = clock
        self._patience = patience or Patience()

    async def newest(self) -> Release:
        """What is announced. Raises NotReached, NotTrusted."""
        raw = bytearray()
        async with self._asked(self._url(), self._patience.look) as response:
            async for piece in response.aiter_raw():
                raw += piece
                if len(raw) > MAX_MANIFEST_BYTES:
                    break  # the reader says so
        return read_manifest(bytes(raw), signed_with(self._key), self._clock())

    async def download(self, release: Release, folder: Path) -> Path:
        """The release's wheel, put into an empty folder and checked.

        Raises NotReached, NotTrusted, OSError.
        """
        target = folder / release.file
        with target.open("xb") as file:
            async with self._asked(self._url().join(release.file), self._patience.download) as response:
                await _take(response, release, file)
        return target

    def _url(self) -> httpx2.URL:
        try:
            return httpx2.URL(self._address)
        except httpx2.InvalidURL as error:
            raise NotReached(f"update_url is no address: {error}.") from error

    @asynccontextmanager
    async def _asked(self, url: httpx2.URL, seconds: float) -> AsyncGenerator[httpx2.Response, None]:
        try:
            # Reading the certificates of all authorities would stop the loop for a moment.
            tls = await asyncio.to_thread(_certificates, url)
            async with (
                asyncio.timeout(seconds),
                httpx2.AsyncClient(verify=tls, trust_env=False, follow_redirects=False) as client,
                client.stream("GET", url, headers=_HEADERS) as response,
            ):
                yield _accepted(response)
        except TimeoutError as error:
            raise NotReached(f"{url.host} took longer than {seconds:g} s.") from error
        except httpx2.HTTPError as error:
            raise NotReached(f"{url.host} cannot be reached ({type(error).__name__}: {error}).") from error


def _certificates(url: httpx2.URL) -> ssl.SSLContext | bool:
    try:
        return httpx2.create_ssl_context(trust_env=False) if url.scheme == "https" else True
    except OSError as error:
        raise NotReached(f"The certificates of this computer cannot be read ({error}).") from error


def _accepted(response: httpx2.Response) -> httpx2.Response:
    url, status = response.url, response.status_code
    if response.has_redirect_location:
        raise NotReached(f"{url.host} leads on to another address; enter that one as update_url.")
    if status != 200:
        raise NotReached(f"{url.host} answered with HTTP {status} for {url.path}.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotReached(f"{url.host} sent it compressed, though that was not asked for.")
    return response


async def _take(response: httpx2.Response, release: Release, file: BinaryIO) -> None:
    digest, size = hashlib.sha256(), 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > release.size:
            break
        digest.update(piece)
        file.write(piece)
    if size != release.size or digest.hexdigest() != release.sha256:
        raise NotTrusted(
            f"{release.file} is not the file of the manifest: it was cut off, or exchanged. Nothing was "
            "installed."
        )
