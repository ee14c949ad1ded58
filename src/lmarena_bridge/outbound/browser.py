"""A browser window of the bridge's own, with the userscript in it.

It is the person's installed browser, started with a profile of its own by Playwright, and nothing about that
is hidden: a site that asks is told that the browser is automated. Logging in, accepting terms and human
checks stay with the person in the window.
"""

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.outbound.browser_places import FAMILIES, Family, usual_places

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Playwright

_log = logging.getLogger(__name__)

# Playwright's name for it; it grants all of Chromium's permissions of that kind (measured 2026-11-22, 1.65).
LOCAL_NETWORK: Final = "local-network-access"

# A window nobody looks at has no business on the network but the pages it is told to open.
_QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class ManagedBrowser:
    """A running browser; its window is the person's, who may close it at any time."""

    context: "BrowserContext"
    _closed: asyncio.Event

    async def wait_closed(self) -> None:
        """Return when the person has closed the window, or the browser has ended otherwise."""
        await self._closed.wait()


def find_browser(families: Sequence[Family] = tuple(FAMILIES)) -> Path | None:
    """The first browser built on Chromium that is installed here, in the order asked for."""
    for family in families:
        for command in FAMILIES[family].commands:
            if found := shutil.which(command):
                return Path(found)
        for place in usual_places(family, platform=sys.platform, environ=os.environ, home=Path.home()):
            if Path(place).is_file():
                return Path(place)
    return None


@asynccontextmanager
async def managed_browser(
    profile: Path,
    *,
    script: str,
    origins: Sequence[str],
    start_url: str,
    headless: bool = False,
    executable: Path | None = None,
    arguments: Sequence[str] = (),
) -> AsyncIterator[ManagedBrowser]:
    """Start a browser on its own `profile` directory, open `start_url` and close it at the end.

    script: the userscript; it runs in every page and looks itself whether it is on the site. origins: the
    sites that may reach this computer without the browser asking. executable: of any Chromium; None takes
    the installed one, else the one Playwright has downloaded. arguments: more switches for it.

    Raises ConfigError: Playwright or a browser is missing, the profile is in use, there is no screen.
    """
    async with _playwright() as playwright:
        context = await _launch(
            playwright,
            executable or find_browser() or _downloaded(playwright),
            profile,
            headless=headless,
            arguments=[*(_QUIET if headless else ()), *arguments],
        )
        closed = asyncio.Event()
        context.on("close", lambda _: closed.set())
        try:
            # Before any page of the site: a refusal in a window without a person would stay in the profile.
            for origin in origins:
                await context.grant_permissions([LOCAL_NETWORK], origin=origin)
            await context.add_init_script(script=script)
            await _open(context, start_url)
            yield ManagedBrowser(context, closed)
        finally:
            await _close(context)


@asynccontextmanager
async def _playwright() -> AsyncIterator["Playwright"]:
    try:
        from playwright.async_api import async_playwright
    except ImportError as error:
        raise ConfigError(
            "A browser window of the bridge's own needs Playwright, which is not installed: "
            "pip install playwright"
        ) from error
    async with async_playwright() as playwright:
        yield playwright


def _downloaded(playwright: "Playwright") -> Path:
    executable = Path(playwright.chromium.executable_path)
    if not executable.is_file():
        raise ConfigError(
            "No Chrome, Chromium, Edge or Brave was found. Install one of them, or let Playwright download "
            "its own: python -m playwright install chromium"
        )
    return executable


async def _launch(
    playwright: "Playwright", executable: Path, profile: Path, *, headless: bool, arguments: list[str]
) -> "BrowserContext":
    from playwright.async_api import Error

    try:
        return await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=executable,
            headless=headless,
            args=arguments,
            no_viewport=True,
            chromium_sandbox=not _is_root(),
            # Who started us closes it, in order; otherwise Ctrl-C would cut it off in mid-answer.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
    except Error as error:
        raise ConfigError(_why_not(str(error), executable, profile)) from error


def _is_root() -> bool:
    """Chromium on Linux refuses to run as root with its sandbox."""
    return sys.platform == "linux" and os.geteuid() == 0


def _why_not(message: str, executable: Path, profile: Path) -> str:
    if "ProcessSingleton" in message or "existing browser session" in message:
        return (
            f"The bridge's browser is already running (its profile {profile} is in use). "
            "Close that window, then try again."
        )
    if "$DISPLAY" in message or "Missing X server" in message:
        return "There is no screen to open a browser window on. Start the bridge in a desktop session."
    first, *rest = message.splitlines()
    said = [line.partition("[err] ")[2] for line in rest if "[err] " in line]
    return f"The browser {executable} could not be started: {' | '.join([first, *said[-3:]])}"


async def _close(context: "BrowserContext") -> None:
    """A browser that the person has closed, or that died with its screen, is closed."""
    from playwright.async_api import Error

    with suppress(Error):
        await context.close()


async def _open(context: "BrowserContext", url: str) -> None:
    """In the window's first tab. A site that cannot be reached shows the browser's own page about it."""
    from playwright.async_api import Error

    page = context.pages[0] if context.pages else await context.new_page()
    try:
        await page.goto(url, wait_until="commit")
    except Error as error:
        _log.warning("%s could not be opened: %s", url, error.message.splitlines()[0])
