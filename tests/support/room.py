"""A running chain, and a browser in which people look at its page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext

from support.chain import Chain
from support.watched_page import WatchedPage, watched_page

Scheme = Literal["light", "dark"]
LARGE = (1600, 1000)


@dataclass
class Room:
    """A running chain and a browser to look at it."""

    chain: Chain
    browser: Browser

    @property
    def url(self) -> str:
        return self.chain.server.url

    @property
    def home(self) -> Path:
        return self.chain.server.services.home.path

    @asynccontextmanager
    async def looking(
        self,
        view: str = "",
        *,
        locale: str = "en-US",
        size: tuple[int, int] = LARGE,
        scheme: Scheme = "light",
    ) -> AsyncIterator[WatchedPage]:
        """A person who opens the page, in a browser that remembers nothing."""
        context: BrowserContext = await self.browser.new_context(
            reduced_motion="reduce",
            locale=locale,
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
        )
        try:
            async with watched_page(context, self.url) as watched:
                await watched.open(view)
                yield watched
        finally:
            await context.close()
