"""Downloads of pictures whose links somebody else wrote.

Such a link must not lead into the person's own network, so only https on its usual port is followed, the
name is resolved once, all its addresses must be public, the connection goes to the very address that was
checked, and every redirect is a new link. What comes must be a picture by its first bytes, and bounded.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

import httpx2

from lmarena_bridge.core.chat.pictures import Picture, picture
from lmarena_bridge.core.errors import PictureNotFetched
from lmarena_bridge.outbound.public_addresses import is_public

# The addresses of a host, in the order in which they are to be tried. Raises OSError.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost."""

    size: int = 32 * 1024 * 1024
    seconds: float = 20.0
    redirects: int = 3


class _Refused(Exception):
    """Why a link is not followed, or what came is not taken; half a sentence."""


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """What this computer resolves the name to."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class PictureFetcher:
    """Fetches pictures from the web.

    trusted_origins: for a demo or a test whose pictures lie on this very computer, like
    "http://127.0.0.1:8080"; what they serve is taken from any address, without https. transport: for tests
    that look at the connection.
    """

    def __init__(
        self,
        *,
        trusted_origins: Collection[str] = (),
        resolve: Resolve = system_addresses,
        limits: Limits | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._trusted = frozenset(trusted_origins)
        self._resolve = resolve
        self._limits = limits or Limits()
        self._transport = transport
        # Reading the certificates takes a while, so it is done once, and only when needed.
        self._tls: ssl.SSLContext | None = None

    async def fetch(self, url: str) -> Picture:
        """The picture at this address. Raises PictureNotFetched."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(url)
        except TimeoutError:
            reason = f"it took longer than {self._limits.seconds:g} s"
        except _Refused as refused:
            reason = str(refused)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            reason = f"{type(error).__name__}: {str(error)[:200]}"
        raise PictureNotFetched(f"The picture could not be downloaded: {reason}.")

    async def _follow(self, url: str) -> Picture:
        async with httpx2.AsyncClient(
            transport=self._transport or self._network(), trust_env=False
        ) as client:
            link = httpx2.URL(url)
            for _ in range(self._limits.redirects + 1):
                async with AsyncExitStack() as stack:
                    response = await self._open(client, link, stack)
                    if not response.has_redirect_location:
                        return await self._read(response)
                    link = link.join(response.headers["location"])
        raise _Refused(f"it was redirected more than {self._limits.redirects} times")

    def _network(self) -> httpx2.AsyncBaseTransport:
        self._tls = self._tls or httpx2.create_ssl_context()
        return httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False)

    async def _open(
        self, client: httpx2.AsyncClient, link: httpx2.URL, stack: AsyncExitStack
    ) -> httpx2.Response:
        """The response's head, from the first of the host's addresses that can be reached."""
        *others, last = await self._addresses(link)
        for address in others:
            try:
                return await stack.enter_async_context(_asked(client, link, address))
            except httpx2.ConnectError:
                continue
        return await stack.enter_async_context(_asked(client, link, last))

    async def _addresses(self, link: httpx2.URL) -> Sequence[str]:
        if f"{link.scheme}://{link.netloc.decode('ascii')}" in self._trusted:
            return [link.host]
        if link.scheme != "https" or link.port is not None or link.userinfo or not link.host:
            raise _Refused("only https links without port and password are followed")
        addresses = list(dict.fromkeys(await self._resolve(link.raw_host.decode("ascii"), 443)))
        if not addresses or not all(map(is_public, addresses)):
            raise _Refused(f"{link.host!r} is not on the public internet")
        return addresses

    async def _read(self, response: httpx2.Response) -> Picture:
        if response.status_code != 200:
            hint = " (has the link expired?)" if response.status_code in (400, 401, 403, 404, 410) else ""
            raise _Refused(f"its server answered with HTTP {response.status_code}{hint}")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _Refused("it came compressed, though that was not asked for")
        data = bytearray()
        async for piece in response.aiter_raw():
            data += piece
            if len(data) > self._limits.size:
                raise _Refused(f"it is larger than {self._limits.size // (1024 * 1024)} MiB")
        found = picture(bytes(data))
        if found is None:
            raise _Refused("what came is no picture of a kind that is passed on")
        return found


def _asked(
    client: httpx2.AsyncClient, link: httpx2.URL, address: str
) -> AbstractAsyncContextManager[httpx2.Response]:
    """The request to this address of the link's host; the certificate must be the host's."""
    host = link.raw_host.decode("ascii")
    return client.stream(
        "GET",
        link.copy_with(host=address),
        headers={
            "host": link.netloc.decode("ascii"),
            "accept": "image/*",
            "accept-encoding": "identity",
            "user-agent": "lmarena-bridge",
        },
        extensions={"sni_hostname": host},
        follow_redirects=False,
    )
