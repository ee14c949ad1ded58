"""Pictures of the web, for a server."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from lmarena_bridge.core.chat.pictures import Picture

if TYPE_CHECKING:
    from lmarena_bridge.outbound.picture_fetch import PictureFetcher


class WebPictures:
    """Fills a port of `server/picture_source.py`. The HTTP client comes with the first picture."""

    def __init__(self, trusted_origins: Collection[str]) -> None:
        self._trusted = trusted_origins
        self._fetcher: PictureFetcher | None = None

    async def fetch(self, url: str) -> Picture:
        """The picture at this address. Raises PictureNotFetched."""
        from lmarena_bridge.outbound.picture_fetch import PictureFetcher

        self._fetcher = self._fetcher or PictureFetcher(trusted_origins=self._trusted)
        return await self._fetcher.fetch(url)
