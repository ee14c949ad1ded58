"""The start page in a browser, and what a test of it must never see: errors, foreign addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Request

ROOT = Path(__file__).parent.parent.parent
ARTEFACTS = ROOT / "artefacts"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

VIEWS = ("start", "overview", "requests", "models", "sessions", "chat", "pictures", "settings", "health")
# How long anything on the page may take to be seen, in ms.
PATIENCE = 15_000

# The server is gone for a moment in some tests: that is no error of the page.
_EXPECTED = (
    "Failed to load resource",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_INCOMPLETE_CHUNKED",
    # Opened over plain http from another computer: browsers then leave this one protection out, and say so.
    "The Cross-Origin-Opener-Policy header has been ignored",
)


class WatchedPage:
    """A page of ours that keeps what it did wrong."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))
        page.on("request", self._asked)

    async def open(self, view: str = "") -> None:
        await self.page.goto(f"{self.server}/{f'#/{view}' if view else ''}")
        await self.page.locator("main h1").wait_for()

    async def see(self, text: str) -> None:
        """Return when this text is on the page, visible."""
        await self.page.get_by_text(text).first.wait_for()

    async def complaints_of_axe(self) -> list[str]:
        """What axe finds on the page as it is."""
        await self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result: dict[str, Any] = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    async def keep(self, name: str, *, full: bool = True) -> None:
        """A screenshot for people to look at; nothing compares it."""
        ARTEFACTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=full)

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(each in text for each in _EXPECTED):
            self.wrong.append(f"{kind}: {text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.server + "/", "data:", "blob:")):
            self.wrong.append(f"asked for {request.url}")


@asynccontextmanager
async def watched_page(context: BrowserContext, server: str) -> AsyncIterator[WatchedPage]:
    """A new page of the context; at its end it has done nothing wrong."""
    page = await context.new_page()
    watched = WatchedPage(page, server)
    try:
        yield watched
    finally:
        await page.close()
    assert not watched.wrong, watched.wrong
