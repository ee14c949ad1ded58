"""Chat programs that live in a web page: their own server, and the page in a Chromium."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from playwright.async_api import Page, async_playwright, expect

from lmarena_bridge.outbound.browser import find_browser
from lmarena_bridge.server.beside import beside
from support.installed import started

# The first start of some compiles their pages or makes their database.
START = 180.0
_PATIENCE_MS = 30_000


@asynccontextmanager
async def web_program(
    *command: str | Path,
    home: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    url: str,
) -> AsyncGenerator[None, None]:
    """The program while it serves `url`. Raises TimeoutError if it does not come up."""
    async with (
        started(*command, home=home, folder=folder, environment=environment) as process,
        beside(_passed_over(process.stdout)),
        beside(_passed_over(process.stderr)),
    ):
        await _until_there(url)
        yield


@asynccontextmanager
async def page_of(url: str) -> AsyncGenerator[Page, None]:
    """The page in a Chromium of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(), chromium_sandbox=sys.platform != "linux"
        )
        try:
            page = await browser.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            expect.set_options(timeout=_PATIENCE_MS)
            await page.goto(url)
            yield page
        finally:
            await browser.close()


async def _until_there(url: str) -> None:
    async with asyncio.timeout(START), httpx2.AsyncClient(timeout=5) as client:
        while True:
            try:
                if (await client.get(url)).status_code < 500:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.2)


async def _passed_over(said: asyncio.StreamReader | None) -> None:
    """Read on, or the program would stop when nobody does."""
    while said is not None and await said.read(65536):
        pass
