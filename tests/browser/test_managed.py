"""The browser of the bridge's own: the script comes as an init script, which knows no @match."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from browser.conftest import HOME, SECRET, Bench
from lmarena_bridge.outbound.browser import ManagedBrowser, find_browser, managed_browser
from support.badge import Badge
from support.scripted_site import RETRY, ScriptedSite
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ManagedBrowser]:
    async with managed_browser(
        tmp_path_factory.mktemp("managed") / "profile",
        script=bench.script,
        origins=[HOME],
        start_url=HOME,
        headless=True,
        executable=find_browser(("chromium", "chrome", "edge", "brave")),
        arguments=bench.arena.chromium_arguments,
    ) as window:
        yield window


async def test_the_tab_it_opens_is_connected_and_fetches(
    window: ManagedBrowser, server: TabServer, site: ScriptedSite
) -> None:
    link = await server.link()
    assert link.hello.origin == HOME
    (page,) = window.context.pages
    await (await Badge.of(page)).until("Bridge ready")
    assert await page.title() == "✅ Arena | practice"
    answer = await server.fetch(RETRY, method="POST", body=b"{}", report=("content-type",))
    request = await site.request(RETRY)
    await request.head(200, {"content-type": "text/event-stream"})
    await request.end('a0:"żółć"\n'.encode())
    await server.finished(answer)
    assert answer.data.decode() == 'a0:"żółć"\n'


async def test_on_other_pages_the_script_does_nothing(window: ManagedBrowser, server: TabServer) -> None:
    await server.link()
    page = await window.context.new_page()
    try:
        await page.goto("about:blank")
        await page.goto("data:text/html,<title>elsewhere</title>")
        assert await page.evaluate("document.querySelectorAll('html > div').length") == 0
        assert await page.title() == "elsewhere"
    finally:
        await page.close()
    assert len(server.links) == 1


async def test_nothing_hides_that_the_browser_is_driven(window: ManagedBrowser, server: TabServer) -> None:
    await server.link()
    assert await window.context.pages[0].evaluate("navigator.webdriver") is True


async def test_a_strict_page_blocks_it_as_it_would_any_script_of_the_page(
    window: ManagedBrowser, server: TabServer
) -> None:
    page = await window.context.new_page()
    try:
        await page.goto(f"{HOME}/strict")
        await (await Badge.of(page)).until("Bridge: blocked")
    finally:
        await page.close()


async def test_it_outlives_a_server_that_restarts(window: ManagedBrowser, bench: Bench) -> None:
    for _ in range(2):
        async with TabServer(SECRET).listening(bench.port) as server:
            await server.link()
