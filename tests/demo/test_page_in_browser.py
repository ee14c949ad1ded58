"""The arena's pages in real Chromium, as https://lmarena.ai."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Error, Page, async_playwright, expect

from demo.asking import CHAT, model, retry_path
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.models import DEMO_MODELS, DemoModel
from lmarena_bridge.demo.serving import serve_plainly, serve_securely
from lmarena_bridge.outbound.browser import find_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Visit:
    arena: Arena
    page: Page
    troubles: list[str]

    async def open(self, to: DemoModel, query: str = "") -> None:
        await self.page.goto(f"https://lmarena.ai/c/{to.session_id}{query}")

    async def ask(self, question: str) -> None:
        await self.page.get_by_label("Another question in this conversation").fill(question)
        await self.page.get_by_role("button", name="Ask").click()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visit]:
    arena = create_arena(pace_ms=2)
    async with (
        serve_securely(arena, tmp_path_factory.mktemp("arena")) as place,
        async_playwright() as playwright,
        await playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=find_browser(("chromium", "chrome", "edge", "brave")),
            args=list(place.chromium_arguments),
            chromium_sandbox=sys.platform != "linux",
        ) as context,
    ):
        page = context.pages[0]
        visit = Visit(arena, page, [])
        page.on("pageerror", lambda error: visit.troubles.append(str(error)))
        yield visit


async def test_the_arena_is_lmarena_ai_in_a_secure_context_over_http2(visit: Visit) -> None:
    for host in ("lmarena.ai", "www.lmarena.ai", "arena.ai"):
        await visit.page.goto(f"https://{host}/?mode=direct")
        seen = await visit.page.evaluate(
            "[isSecureContext, performance.getEntriesByType('navigation')[0].nextHopProtocol]"
        )
        assert seen == [True, "h2"]
    await expect(visit.page.get_by_text("This is not the real LMArena.")).to_be_visible()
    assert visit.troubles == []


async def test_javascript_reads_the_pushes_as_our_reader_does(visit: Visit) -> None:
    await visit.page.goto("https://lmarena.ai/?mode=direct")
    ids = await visit.page.evaluate(
        """() => {
            const text = self.__next_f.filter((push) => push[0] === 1).map((push) => push[1]).join('');
            const from = text.indexOf('"initialModels":') + 16;
            const row = text.slice(from, text.indexOf(',"initialModelAId"', from));
            return JSON.parse(row).map((model) => model.id);
        }"""
    )
    assert ids[: len(DEMO_MODELS)] == [each.model_id for each in DEMO_MODELS]


@pytest.mark.parametrize("name", ["demo-chat", "demo-thinker", "demo-search", "demo-left", "demo-duel-a"])
async def test_retry_streams_a_new_answer_into_the_page(visit: Visit, name: str) -> None:
    to = model(name)
    await visit.open(to)
    answer = visit.page.locator('[data-answer="a"]')
    await answer.evaluate("(element) => element.textContent = ''")
    await visit.page.get_by_role("button", name="Retry").first.click()
    await expect(visit.page.locator('[data-retry="a"]')).to_have_text("Retry")
    await expect(answer).not_to_be_empty()
    await expect(visit.page.locator('[data-trouble="a"]')).to_be_hidden()
    entry = visit.arena.journal.streams()[-1]
    assert (entry.model, entry.state, entry.cookie, entry.http_version) == (name, "finished", True, "2")
    assert entry.headers["referer"] == f"https://lmarena.ai/c/{to.session_id}"
    assert visit.troubles == []


async def test_thoughts_sources_and_pictures_have_their_places(visit: Visit) -> None:
    for name, place in (
        ("demo-thinker", visit.page.get_by_text("Thoughts")),
        ("demo-search", visit.page.locator('[data-sources="a"] li').nth(2)),
        ("demo-painter", visit.page.locator('[data-pictures="a"] img')),
    ):
        await visit.open(model(name))
        await visit.page.get_by_role("button", name="Retry").click()
        await expect(place).to_be_visible()
    loaded = "(image) => image.decode().then(() => image.naturalWidth)"
    assert await visit.page.locator('[data-pictures="a"] img').evaluate(loaded) == 768


async def test_the_side_that_is_retried_is_the_one_that_answers(visit: Visit) -> None:
    await visit.open(model("demo-right"))
    await visit.page.get_by_role("article", name="Answer B").get_by_role("button", name="Retry").click()
    await expect(visit.page.locator('[data-retry="b"]')).to_have_text("Retry")
    assert visit.arena.journal.streams()[-1].model == "demo-right"


async def test_a_performance_observer_sees_the_pages_own_request(visit: Visit) -> None:
    await visit.open(CHAT)
    await visit.page.evaluate(
        """() => {
            window.seen = new Promise((resolve) => new PerformanceObserver((list) => {
                for (const entry of list.getEntries())
                    if (entry.name.includes('/retry-evaluation-session-message/')) resolve(entry.name);
            }).observe({ type: 'resource' }));
        }"""
    )
    await visit.page.get_by_role("button", name="Retry").click()
    assert await visit.page.evaluate("window.seen") == f"https://lmarena.ai{retry_path(CHAT)}"


async def test_stop_aborts_the_request_at_once(visit: Visit) -> None:
    await visit.open(CHAT)
    await visit.ask("Hello #arena:hang")
    await visit.page.get_by_role("button", name="Stop").click()
    await visit.arena.journal.until(lambda journal: journal.open_streams == 0)
    assert visit.arena.journal.streams()[-1].state == "aborted"
    await expect(visit.page.get_by_text("stopped")).to_be_visible()


async def test_a_refusal_is_shown(visit: Visit) -> None:
    await visit.open(CHAT)
    await visit.ask("Hello #arena:403")
    await expect(visit.page.get_by_role("alert")).to_have_text(
        '403: {"error": "recaptcha validation failed"}'
    )


async def test_the_panel_shows_what_the_arena_received_while_it_happens(visit: Visit) -> None:
    await visit.open(CHAT)
    await visit.ask("Look at the panel #arena:hang")
    await expect(visit.page.locator("#open-streams")).to_have_text("1")
    newest = visit.page.locator("#received > li").first
    await expect(newest).to_contain_text("Look at the panel")
    await expect(newest).to_have_attribute("data-state", "running")
    await visit.page.get_by_role("button", name="Stop").click()
    await expect(newest).to_have_attribute("data-state", "aborted")


async def test_the_strict_policy_forbids_sockets_and_the_usual_one_does_not(visit: Visit) -> None:
    outcome = """() => new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        const socket = new WebSocket('ws://127.0.0.1:9/');
        socket.onclose = () => resolve('closed');
    })"""
    await visit.open(CHAT, "?csp=strict")
    assert await visit.page.evaluate(outcome) == "connect-src"
    await visit.open(CHAT)
    assert await visit.page.evaluate(outcome) == "closed"


async def test_no_host_but_the_site_and_this_computer_can_be_reached(visit: Visit) -> None:
    """Chromium knows `*.localhost` without any DNS; even that is no name for a browser of the arena."""
    async with serve_plainly(visit.arena) as place:
        await visit.page.goto(place.base_url)
        await visit.page.goto(f"http://localhost:{place.port}/")
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            await visit.page.goto(f"http://elsewhere.localhost:{place.port}/")


@pytest.mark.parametrize("width", [360, 1600])
async def test_no_page_is_wider_than_its_window(visit: Visit, width: int) -> None:
    await visit.page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", f"/c/{CHAT.session_id}", f"/c/{model('demo-left').session_id}"):
        await visit.page.goto(f"https://lmarena.ai{path}")
        assert await visit.page.evaluate("document.documentElement.scrollWidth") == width
