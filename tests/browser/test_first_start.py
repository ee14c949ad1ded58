"""The first start as a person does it: from an empty home to the first answer, on the start page alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.demo.arena import create_arena
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.outbound.browser import managed_browser
from support.badge import Badge
from support.watched_page import PATIENCE, WatchedPage, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SITE = "https://lmarena.ai"
CHAT = DEMO_MODELS[0]


@dataclass(frozen=True)
class Beginner:
    """A person with a browser, the program just started, and nothing set up. The script is in the browser."""

    server: BridgeServer
    browser: BrowserContext
    board: WatchedPage

    @property
    def page(self) -> Page:
        return self.board.page

    def step(self, name: str) -> Locator:
        return self.page.locator(f"#step-{name}")

    async def ticked(self, name: str) -> None:
        await expect(self.step(name)).to_have_class(_holding("done"), timeout=PATIENCE)

    async def go_on(self) -> None:
        await self.page.get_by_role("button", name="Continue").click()

    async def open_site(self) -> Page:
        site = await self.browser.new_page()
        await site.goto(f"{SITE}/c/{CHAT.session_id}")
        await (await Badge.of(site)).until("Bridge ready")
        return site


def _holding(word: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\s){word}(\s|$)")


@pytest_asyncio.fixture(loop_scope="session")
async def beginner(tmp_path: Path) -> AsyncIterator[Beginner]:
    async with (
        bridge_server(tmp_path / "home", port=0) as server,
        serve_securely(create_arena(pace_ms=1), tmp_path) as arena,
        managed_browser(
            tmp_path / "browser",
            script=server.userscript(),
            origins=[SITE],
            start_url="about:blank",
            headless=True,
            arguments=arena.chromium_arguments,
        ) as window,
        watched_page(window.context, server.url) as board,
    ):
        await board.page.emulate_media(reduced_motion="reduce")
        await board.open()
        yield Beginner(server, window.context, board)


async def test_from_nothing_to_the_first_answer_with_the_mouse(beginner: Beginner) -> None:
    page, home = beginner.page, beginner.server.services.home
    await expect(page.locator("h1")).to_have_text("From nothing to the first answer")
    await page.get_by_role("button", name="I have one").click()
    await beginner.ticked("manager")
    await page.get_by_role("link", name="Install the script").click()
    await page.wait_for_url("**/LMArenaApiBridge.user.js")
    await page.go_back()
    await beginner.ticked("install")

    await expect(beginner.step("open")).to_contain_text("Your browser asks once")
    site = await beginner.open_site()
    await beginner.ticked("open")
    await expect(page.locator(".standing")).to_contain_text("No model can answer yet")

    await page.get_by_role("button", name="Start capturing").click()
    await beginner.board.see("Now click Retry in the tab")
    await (await Badge.of(site)).until("Bridge: click Retry")
    await site.locator("[data-retry=a]").click()
    await beginner.ticked("capture")
    await expect(beginner.step("capture")).to_contain_text(CHAT.message_id)
    await beginner.go_on()
    assert loads(home.settings.read_text(encoding="utf-8")).value["session_id"] == CHAT.session_id

    await page.get_by_role("button", name="Read the site's list").click()
    await page.get_by_role("searchbox").fill(CHAT.name)
    await page.get_by_role("checkbox", name=CHAT.name, exact=True).check()
    await beginner.ticked("models")
    assert loads(home.models.read_text(encoding="utf-8")).value == {CHAT.name: CHAT.model_id}
    await beginner.go_on()

    await page.get_by_role("textbox", name="Your message").fill("What is 6 * 7?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".turn.assistant .text")).to_contain_text("42")
    await beginner.ticked("try")
    await beginner.go_on()

    await expect(beginner.step("connect")).to_contain_text(f"{beginner.server.url}/v1")
    await beginner.step("connect").get_by_role("button", name="Copy: Base URL").click()
    await beginner.ticked("connect")
    await expect(page.locator("h1")).to_have_text("Everything works")
    await expect(page.locator(".standing")).to_contain_text("Ready to chat")
    await beginner.board.keep("first-start-done")


async def test_capture_and_choice_of_models_with_the_keyboard_alone(beginner: Beginner) -> None:
    page, home = beginner.page, beginner.server.services.home
    site = await beginner.open_site()
    await beginner.ticked("open")
    begin = page.get_by_role("button", name="Start capturing")
    await _tab_to(page, page.get_by_role("radio", name="Direct chat"))
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Left (A)")).to_be_checked()
    await page.keyboard.press("ArrowLeft")
    await _tab_to(page, begin)
    await page.keyboard.press("Enter")
    await (await Badge.of(site)).until("Bridge: click Retry")
    await site.locator("[data-retry=a]").click()
    await beginner.ticked("capture")
    await _tab_to(page, page.get_by_role("button", name="Continue"))
    await page.keyboard.press("Enter")

    await _tab_to(page, page.get_by_role("button", name="Read the site's list"))
    await page.keyboard.press("Space")
    search = page.get_by_role("searchbox")
    await search.wait_for()
    await _tab_to(page, search)
    await page.keyboard.type(CHAT.name)
    await _tab_to(page, page.get_by_role("checkbox", name=CHAT.name, exact=True))
    await page.keyboard.press("Space")
    await beginner.ticked("models")
    assert CHAT.model_id in home.models.read_text(encoding="utf-8")


async def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, which must then be seen."""
    await wanted.wait_for()
    async with asyncio.timeout(PATIENCE / 1000):
        while not await wanted.evaluate("element => element === document.activeElement"):
            await page.keyboard.press("Tab")
    seen = """element => {
        const outlined = (each) => each && getComputedStyle(each).outlineStyle !== "none";
        const seen = outlined(element) || outlined(element.nextElementSibling);
        return element.matches(":focus-visible") && seen;
    }"""
    assert await wanted.evaluate(seen), "the focus cannot be seen"
