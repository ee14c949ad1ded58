"""SillyTavern's own page in a Chromium, its server beside it: connected as the page on clients says.

Case 60 of the conformance list: a message, a picture, the Stop button, the text of an error.
"""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from lmarena_bridge.cli.demo import DemoChain, demo_chain
from support.chain import until
from support.free_port import free_port
from support.installed import place
from support.pages import START, page_of, web_program
from support.questions import GREETING

pytestmark = [
    pytest.mark.clients,
    pytest.mark.browser,
    pytest.mark.timeout(START + 60),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chain() -> AsyncIterator[DemoChain]:
    """Pictures go into the answer itself, as the page on clients advises for SillyTavern."""
    async with demo_chain(real=True, port=0) as running:
        settings = json.dumps({"image_return_mode": "base64"})
        running.server.services.home.settings.write_text(settings, encoding="utf-8")
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Of a SillyTavern that nobody has used yet."""
    home, port = tmp_path_factory.mktemp("tavern"), free_port()
    program = place("sillytavern", "node_modules", "sillytavern", "server.js")
    files = ("--dataRoot", home / "data", "--configPath", home / "config.yaml")
    here = ("--port", str(port), "--listen", "false", "--browserLaunchEnabled", "false")
    url = f"http://127.0.0.1:{port}/"
    async with web_program("node", program, *files, *here, home=home, url=url):
        yield url


@pytest_asyncio.fixture(loop_scope="module")
async def page(address: str, chain: DemoChain) -> AsyncIterator[Page]:
    """The page, connected to the bridge by hand."""
    async with page_of(address) as page:
        await expect(page.locator("#preloader")).to_have_count(0, timeout=START * 1000)
        await welcomed(page)
        await page.locator("#sys-settings-button .drawer-toggle").click()
        await page.select_option("#main_api", "openai")
        await page.select_option("#chat_completion_source", "custom")
        await page.fill("#custom_api_url_text", f"{chain.server.url}/v1")
        await page.locator("#api_button_openai").click()
        await expect(page.locator("#model_custom_select option[value=demo-chat]")).to_have_count(1)
        yield page


async def welcomed(page: Page) -> None:
    """Past the dialog that asks who one is, which the first visit brings."""
    await page.wait_for_function(
        "document.querySelector('dialog[open] .popup-button-ok, .mes, .welcomePanel')"
    )
    first = page.locator("dialog[open] .popup-button-ok")
    if await first.count():
        await first.click()
        await expect(page.locator("dialog[open]")).to_have_count(0)


async def say(page: Page, text: str, model: str = "demo-chat") -> None:
    drawer = page.locator("#sys-settings-button .drawer-toggle")
    if not await page.locator("#rm_api_block").is_visible():
        await drawer.click()
    await page.select_option("#model_custom_select", model)
    await drawer.click()
    await expect(page.locator("#rm_api_block")).to_be_hidden()
    await page.fill("#send_textarea", text)
    await page.locator("#send_but").click()


async def test_case_60_a_message(page: Page) -> None:
    await say(page, "Hello!")
    await expect(page.locator(".last_mes .mes_text")).to_contain_text(GREETING)


async def test_case_60_a_picture_shows_without_a_click(page: Page) -> None:
    await say(page, "a hedgehog", "demo-painter")
    picture = page.locator(".last_mes .mes_text img")
    await expect(picture).to_be_visible()
    await page.wait_for_function("document.querySelector('.last_mes .mes_text img').naturalWidth > 100")


async def test_case_60_stop_reaches_the_site(page: Page, chain: DemoChain) -> None:
    await say(page, "Count to 100 #arena:pace=100")
    await expect(page.locator(".last_mes .mes_text")).to_contain_text("1 2 3")
    await page.locator("#mes_stop").click()
    await until(lambda: not chain.arena.journal.open_streams, within=5)
    assert chain.arena.journal.entries[-1].state == "aborted"


async def test_case_60_an_error_in_the_middle_is_told_and_the_page_goes_on(page: Page) -> None:
    await say(page, "Hello #arena:error-line")
    await expect(page.locator(".toast-message").first).to_contain_text(
        "An error occurred in the practice arena"
    )
    await expect(page.locator("#mes_stop")).to_be_hidden()
    await say(page, "What is 6 * 7?")
    await expect(page.locator(".last_mes .mes_text")).to_contain_text("42")


async def test_case_60_an_error_before_the_first_word_is_told(page: Page) -> None:
    await say(page, "Hello #arena:422")
    await expect(page.locator(".toast-message").first).to_contain_text("Change the prompt")
    await expect(page.locator("#mes_stop")).to_be_hidden()
