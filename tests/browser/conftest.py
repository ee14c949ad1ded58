"""Real Chromium, the real userscript, a site on https://lmarena.ai and a server played by the test.

Browsers are started once a session; every test has its own page, its own server and thus its own link.
"""

import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from lmarena_bridge.core.tabs.script import NAME, render
from lmarena_bridge.demo.serving import SecureArena, serve_securely
from lmarena_bridge.outbound.browser import LOCAL_NETWORK, find_browser
from support import userext
from support.chain import chain
from support.room import Room
from support.scripted_site import ScriptedSite
from support.tab_server import TabServer
from support.userext import World

SECRET = "a secret of the tests"
HOME = "https://lmarena.ai"


@dataclass(frozen=True)
class Bench:
    """What all browser tests share: the site, and the port on which their servers take turns."""

    site: ScriptedSite
    arena: SecureArena
    port: int
    script: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    site = ScriptedSite()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    source = resources.files("lmarena_bridge").joinpath("userscript", NAME).read_text(encoding="utf-8")
    script = render(source, version="0.1.0", server=f"http://127.0.0.1:{port}", secret=SECRET)
    async with serve_securely(site, tmp_path_factory.mktemp("arena")) as arena:
        yield Bench(site, arena, port, script)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@asynccontextmanager
async def chromium(
    playwright: Playwright, bench: Bench, folder: Path, world: World, *, site_is_public: bool = True
) -> AsyncIterator[BrowserContext]:
    """A headless Chromium with the userscript as its only extension. Chrome itself takes no such switch.

    Unless `site_is_public` the site counts as a part of this computer, so that nobody asks for permission.
    """
    extension = userext.build(bench.script, folder / "extension", world)
    switches = bench.arena.chromium_arguments
    if not site_is_public:
        switches = tuple(each for each in switches if not each.startswith("--ip-address-space-overrides"))
    context = await playwright.chromium.launch_persistent_context(
        folder / "profile",
        executable_path=find_browser(("chromium", "edge", "brave", "chrome")),
        args=[
            *switches,
            f"--load-extension={extension}",
            f"--disable-extensions-except={extension}",
        ],
        ignore_default_args=["--disable-extensions", "--disable-back-forward-cache"],
        chromium_sandbox=sys.platform != "linux",
    )
    try:
        yield context
    finally:
        await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers(
    playwright: Playwright, bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[[World], Any]]:
    """One browser for each world, started when the first test asks for it."""
    started: dict[World, BrowserContext] = {}
    async with AsyncExitStack() as stack:

        async def browser(world: World) -> BrowserContext:
            if world not in started:
                folder = tmp_path_factory.mktemp(f"chromium-{world}")
                started[world] = await stack.enter_async_context(chromium(playwright, bench, folder, world))
                await started[world].grant_permissions([LOCAL_NETWORK], origin=HOME)
            return started[world]

        yield browser


@pytest.fixture
def world() -> World:
    """The world the userscript runs in; tests for both say so by `both_worlds`."""
    return "MAIN"


@pytest_asyncio.fixture(loop_scope="session")
async def context(browsers: Callable[[World], Any], world: World) -> BrowserContext:
    browser: BrowserContext = await browsers(world)
    return browser


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """An empty page, in a browser that remembers nothing of the site; the test opens what it needs."""
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    await cdp.send("Storage.clearDataForOrigin", {"origin": HOME, "storageTypes": "local_storage"})
    yield page
    await page.close()


@pytest_asyncio.fixture(loop_scope="session")
async def server(bench: Bench) -> AsyncIterator[TabServer]:
    """The server that the script knows, running; at the end it has seen no breach of the protocol."""
    async with TabServer(SECRET).listening(bench.port) as server:
        yield server
    assert not server.breaches


@pytest_asyncio.fixture(loop_scope="session")
async def tab(page: Page, server: TabServer) -> Page:
    """A page of the site whose script is connected to `server`."""
    await page.goto(HOME)
    await server.link()
    return page


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def site(bench: Bench) -> ScriptedSite:
    """The site, which has forgotten what earlier tests did not wait for."""
    bench.site.forget()
    return bench.site


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """One without the userscript, to look at the page of the server."""
    started = await playwright.chromium.launch(executable_path=find_browser(), chromium_sandbox=False)
    yield started
    await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def room(browser: Browser, tmp_path: Path) -> AsyncIterator[Room]:
    async with chain(tmp_path) as running:
        yield Room(running, browser)


async def hurry(page: Page, times: int) -> None:
    """Let the timers of this page, set after its next load, run so many times faster."""
    await page.add_init_script(f"""
        const wait = window.calmTimeout = window.setTimeout;
        window.setTimeout = (work, delay, ...rest) => wait(work, delay / {times}, ...rest);
    """)
