"""What the script finds out about its connection, and tells the person in badge, title and console."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from playwright.async_api import BrowserContext, Page, Playwright

from browser.conftest import HOME, SECRET, Bench, chromium, hurry
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.outbound.browser import LOCAL_NETWORK
from support.badge import Badge
from support.scripted_site import ScriptedSite
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
INSTALL = "/LMArenaApiBridge.user.js"


@pytest.fixture
def console(page: Page) -> list[str]:
    """Our own lines in the page's console, with their level."""
    lines: list[str] = []
    page.on(
        "console", lambda line: lines.append(f"{line.type}: {line.text}") if "[LMArena" in line.text else None
    )
    return lines


async def test_connected(console: list[str], tab: Page, server: TabServer) -> None:
    look = await (await Badge.of(tab)).until("Bridge ready")
    assert (look.tone, look.title, look.open) == ("good", "Connected to LMArena Bridge 9.9.9", False)
    assert await tab.title() == "✅ Arena | practice"
    assert [line for line in console if "Connected" in line] == [console[-1]]
    assert console[-1].startswith("info: [LMArena Bridge] Connected to LMArena Bridge 9.9.9.")


async def test_running_answers_are_counted_without_a_word_in_the_console(
    console: list[str], tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    badge = await Badge.of(tab)
    await badge.until("Bridge ready")
    said = len(console)
    first = await server.fetch("/nextjs-api/1")
    assert (await badge.until("Bridge: 1 running")).tone == "busy"
    await server.fetch("/nextjs-api/2")
    await badge.until("Bridge: 2 running")
    await server.cancel(first)
    await badge.until("Bridge: 1 running")
    request = await site.request("/nextjs-api/2")
    await request.head()
    await request.end()
    await badge.until("Bridge ready")
    assert len(console) == said


async def test_server_not_running_then_started(page: Page, bench: Bench, console: list[str]) -> None:
    await page.goto(HOME)
    badge = await Badge.of(page)
    look = await badge.until("Bridge not running")
    assert (look.tone, look.buttons) == ("stop", ["Try now"])
    assert f"http://127.0.0.1:{bench.port}" in look.text
    assert "Start lmarena-bridge" in look.advice
    assert await page.title() == "Arena | practice"
    assert sum("not running" in line for line in console) == 1
    assert any(line.startswith("warning: [LMArena Bridge] LMArena Bridge is not running") for line in console)
    async with TabServer(SECRET).listening(bench.port):
        await badge.press("Try now")
        await badge.until("Bridge ready")
        assert await page.title() == "✅ Arena | practice"
    await badge.until("Bridge not running")
    assert await page.title() == "Arena | practice"


async def test_it_connects_by_itself_when_the_server_appears(page: Page, bench: Bench) -> None:
    await page.goto(HOME)
    badge = await Badge.of(page)
    await badge.until("Bridge not running")
    async with TabServer(SECRET).listening(bench.port) as server:
        await server.link()
        await badge.until("Bridge ready")


async def test_fault_55_permission_denied_and_then_given(
    page: Page, context: BrowserContext, server: TabServer, console: list[str]
) -> None:
    # A headless Chromium that was not told to allow it refuses, and remembers that.
    await context.clear_permissions()
    try:
        await page.goto(HOME)
        badge = await Badge.of(page)
        look = await badge.until("Bridge: not allowed")
        assert look.tone == "stop"
        assert "Apps on device" in look.advice
        assert any("warning" in line and "The browser blocks" in line for line in console)
        assert not server.links
    finally:
        await context.grant_permissions([LOCAL_NETWORK], origin=HOME)
    await badge.until("Bridge ready")


async def test_fault_55_a_denied_permission_is_tried_again_rarely(
    page: Page, context: BrowserContext
) -> None:
    await context.clear_permissions()
    try:
        await hurry(page, times=30)
        await page.add_init_script("""
            const tries = window.tries = [], Real = window.WebSocket;
            window.WebSocket = class extends Real {
                constructor(...given) {
                    super(...given);
                    tries.push(performance.now());
                }
            };
        """)
        await page.goto(HOME)
        await (await Badge.of(page)).until("Bridge: not allowed")
        await page.wait_for_function("window.tries.length >= 4", polling=50)
        tries = await page.evaluate("window.tries")
        # Half a minute, in a page whose timers run thirty times faster.
        assert min(later - sooner for sooner, later in pairwise(tries)) >= 950
    finally:
        await context.grant_permissions([LOCAL_NETWORK], origin=HOME)


@asynccontextmanager
async def silent_listener(port: int) -> AsyncIterator[None]:
    """Takes connections and says nothing: to the page it looks like a browser that waits for its person."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


async def test_permission_prompt_waiting(
    playwright: Playwright, bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # The real prompt needs a screen. Here nothing was answered yet and the socket hangs, as it does then.
    folder = tmp_path_factory.mktemp("chromium-prompt")
    async with (
        silent_listener(bench.port),
        chromium(playwright, bench, folder, "MAIN", site_is_public=False) as context,
    ):
        page = await context.new_page()
        await hurry(page, times=10)
        await page.goto(HOME)
        look = await (await Badge.of(page)).until("Bridge: click Allow")
        assert look.tone == "act"
        assert "click Allow" in look.advice or "Click Allow" in look.advice


async def test_a_server_that_never_answers_is_given_up_and_tried_again(page: Page, bench: Bench) -> None:
    async with silent_listener(bench.port):
        await hurry(page, times=30)
        await page.goto(HOME)
        badge = await Badge.of(page)
        await badge.until("Bridge: connecting")
        await badge.until("Bridge not running")
    async with TabServer(SECRET).listening(bench.port):
        await badge.until("Bridge ready")


async def test_blocked_by_the_policy_of_the_page(page: Page, server: TabServer, console: list[str]) -> None:
    await page.goto(f"{HOME}/strict")
    badge = await Badge.of(page)
    look = await badge.until("Bridge: blocked")
    assert look.tone == "stop"
    assert "CSP" in look.text
    assert "Inject into → content" in look.advice
    assert sum("This page blocks" in line for line in console) == 1
    assert not server.links


async def test_a_policy_that_only_reports_blocks_nothing(page: Page, server: TabServer) -> None:
    await page.goto(f"{HOME}/watched")
    await (await Badge.of(page)).until("Bridge ready")


@pytest.mark.parametrize("world", ["ISOLATED"])
async def test_in_the_isolated_world_the_policy_of_the_page_does_not_apply(
    page: Page, server: TabServer, site: ScriptedSite
) -> None:
    await page.goto(f"{HOME}/strict")
    look = await (await Badge.of(page)).until("Bridge ready")
    assert look.box[2] - look.box[0] < 200, "the badge has its style"
    answer = await server.fetch("/nextjs-api/x")
    request = await site.request("/nextjs-api/x")
    await request.head()
    await request.end(b"through")
    await server.finished(answer)
    assert answer.data == b"through"


@pytest.mark.parametrize(
    ("code", "label", "link"),
    [
        (m.CLOSE_SECRET, "Bridge: install again", INSTALL),
        (m.CLOSE_OUTDATED, "Bridge: update script", INSTALL),
        (m.CLOSE_MALFORMED, "Bridge: error", INSTALL),
    ],
)
async def test_turned_away_by_the_server(
    page: Page, bench: Bench, server: TabServer, console: list[str], code: int, label: str, link: str
) -> None:
    server.turn_away = (code, "because")
    await hurry(page, times=60)  # it tries again, rarely
    await page.goto(HOME)
    badge = await Badge.of(page)
    look = await badge.until(label)
    assert look.links == [f"http://127.0.0.1:{bench.port}{link}"]
    assert any(link in line for line in console)
    server.turn_away = None
    await server.link()
    await badge.until("Bridge ready")


async def test_a_wrong_secret_is_told_apart(page: Page, bench: Bench) -> None:
    async with TabServer("renewed").listening(bench.port):
        await page.goto(HOME)
        look = await (await Badge.of(page)).until("Bridge: install again")
        assert "secret" in look.text


async def test_connected_elsewhere_waits_for_the_person(tab: Page, server: TabServer) -> None:
    badge = await Badge.of(tab)
    await server.links[0].close(m.CLOSE_REPLACED)
    look = await badge.until("Bridge: connected twice")
    assert look.buttons == ["Connect here"]
    await badge.press("Connect here")
    await server.link(2)
    await badge.until("Bridge ready")


async def test_the_site_wants_to_see_the_person(console: list[str], tab: Page, server: TabServer) -> None:
    badge = await Badge.of(tab)
    await server.links[0].say(m.Attention("Please tick the box."))
    look = await badge.until("Bridge: your turn")
    assert (look.text, look.open, look.tone) == ("Please tick the box.", True, "act")
    assert await tab.title() == "⚠ Arena | practice"
    assert any(line.startswith("warning") and "Please tick the box." in line for line in console)
    await badge.press("Done, continue")
    await server.hear(m.Attended)
    await badge.until("Bridge ready")


async def test_attention_ends_when_the_server_says_so(tab: Page, server: TabServer) -> None:
    badge = await Badge.of(tab)
    await server.links[0].say(m.Attention("Please tick the box."))
    await badge.until("Bridge: your turn")
    await server.links[0].say(m.Attention(None))
    await badge.until("Bridge ready")
    assert await tab.title() == "✅ Arena | practice"


async def test_visibility_is_told(tab: Page, server: TabServer) -> None:
    await tab.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    assert (await server.hear(m.State)).visibility == "hidden"
    await tab.evaluate(
        "() => { delete document.visibilityState; document.dispatchEvent(new Event('resume')); }"
    )
    assert (await server.hear(m.State)).visibility == "visible"
    await tab.evaluate("document.dispatchEvent(new Event('freeze'))")
    assert (await server.hear(m.State)).visibility == "frozen"


async def test_a_tab_holds_a_shared_lock_while_it_is_at_work(tab: Page, server: TabServer) -> None:
    held = "navigator.locks.query().then(({held}) => held.map(({name, mode}) => `${name} ${mode}`))"
    assert await tab.evaluate(held) == ["lmarena-bridge shared"]
