"""Where the bytes of a picture come from: through a tab where the login is needed, else the web."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from lmarena_bridge.bridge import Tabs
from lmarena_bridge.core.chat.pictures import Picture, picture
from lmarena_bridge.core.errors import BridgeError, PictureNotFetched
from lmarena_bridge.core.site.address import path_on_site
from lmarena_bridge.core.tabs.effects import Arrived, FetchJob, Opened

_LARGEST: Final = 32 * 1024 * 1024


class PictureSource(Protocol):
    """Whoever can get a picture."""

    async def fetch(self, url: str) -> Picture:
        """The picture at this address. Raises PictureNotFetched."""


class PicturesOfAnswers:
    """A picture on the site's own pages is fetched by a tab, which has the login; any other from the web."""

    def __init__(self, *, tabs: Tabs, web: PictureSource, new_id: Callable[[], str]) -> None:
        self._tabs = tabs
        self._web = web
        self._new_id = new_id

    async def fetch(self, url: str) -> Picture:
        """The picture at this address. Raises PictureNotFetched."""
        path = path_on_site(url)
        if path is None:
            return await self._web.fetch(url)
        # It belongs to one of the logins; which one is not said.
        *others, last = sorted(self._tabs.profiles) or (None,)
        for profile in others:
            with suppress(PictureNotFetched):
                return await self._through_tab(path, profile)
        return await self._through_tab(path, last)

    async def _through_tab(self, path: str, profile: str | None) -> Picture:
        try:
            data = await self._bytes(path, profile)
        except BridgeError as error:
            raise PictureNotFetched(f"The picture could not be downloaded: {error.message}") from error
        if (found := picture(data)) is None:
            raise PictureNotFetched("The picture could not be downloaded: what came is no picture.")
        return found

    async def _bytes(self, path: str, profile: str | None) -> bytes:
        data = bytearray()
        job = FetchJob(
            id=self._new_id(), method="GET", path=path, headers={}, report=(), body=b"", profile=profile
        )
        with self._tabs.run(job) as deliveries:
            async for delivery in deliveries:
                match delivery:
                    case Opened(status=status) if status != 200:
                        raise PictureNotFetched(f"the site answered with HTTP {status}.")
                    case Arrived(payload):
                        data += payload
                if len(data) > _LARGEST:
                    raise PictureNotFetched(f"it is larger than {_LARGEST // (1024 * 1024)} MiB.")
        return bytes(data)
