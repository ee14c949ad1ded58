"""Open WebUI's own page in a Chromium, its server beside it: started as the page on clients says.

Case 60 of the conformance list: a message, a picture, the Stop button, the text of an error.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from lmarena_bridge.cli.demo import DemoChain
from support.chain import until
from support.free_port import free_port
from support.installed import place
from support.pages import START, page_of, web_program
from support.set_ups import Place, set_up

pytestmark = [
    pytest.mark.clients,
    pytest.mark.browser,
    pytest.mark.timeout(START + 60),
    pytest.mark.asyncio(loop_scope="session"),
]

# No accounts, and nothing from the web.
ALONE = {
    "WEBUI_AUTH": "False",
    "OFFLINE_MODE": "True",
    "HF_HUB_OFFLINE": "1",
    "RAG_EMBEDDING_ENGINE": "openai",
    "BYPASS_EMBEDDING_AND_RETRIEVAL": "True",
    "ENABLE_OLLAMA_API": "False",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(demo: DemoChain, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Of an Open WebUI that nobody has used yet."""
    home, port = tmp_path_factory.mktemp("webui"), free_port()
    python = place("open-webui", "bin", "python")
    environment = {**ALONE, "DATA_DIR": str(home / "data"), "WEBUI_SECRET_KEY": "of this test"}
    environment["PATH"] = f"{python.parent}:/usr/bin:/bin"
    start = f"{set_up('sh', 'open-webui').at(Place(demo.server.url)).strip()} --host 127.0.0.1 --port {port}"
    url = f"http://127.0.0.1:{port}"
    async with web_program("sh", "-ec", start, home=home, environment=environment, url=f"{url}/health"):
        yield url


async def opened(page: Page, address: str, model: str) -> None:
    """A new chat with a model, past the news of the first visit."""
    await page.goto(f"{address}/?models={model}")
    await expect(page.locator("#chat-input")).to_be_visible()
    news = page.get_by_role("button", name="Okay, Let's Go!")
    await page.add_locator_handler(news, lambda: news.click())


async def say(page: Page, text: str) -> None:
    await page.locator("#chat-input").click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_case_60_a_message(address: str) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-chat")
        await say(page, "What is 6 * 7?")
        await expect(page.locator(".chat-assistant").last).to_contain_text("42")


async def test_case_60_a_picture_shows(address: str) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-painter")
        await say(page, "a hedgehog")
        await page.wait_for_function(
            "document.querySelector('.chat-assistant img[src*=\"/images/\"]')?.naturalWidth > 100"
        )


async def test_case_60_stop_reaches_the_site(address: str, demo: DemoChain) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-chat")
        await say(page, "Count to 1000 #arena:pace=100")
        await expect(page.locator(".chat-assistant").last).to_contain_text("1 2 3")
        await page.get_by_role("button", name="Stop", exact=True).click()
        counted = [each for each in demo.arena.journal.entries if "pace=100" in each.directives]
        await until(lambda: counted[-1].state == "aborted", within=5)


async def test_case_60_an_error_in_the_middle_is_told(address: str) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-chat")
        await say(page, "Hello #arena:error-line")
        messages = page.locator("#messages-container")
        await expect(messages).to_contain_text("An error occurred in the practice arena")


async def test_case_60_an_error_before_the_first_word_is_told(address: str) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-chat")
        await say(page, "Hello #arena:422")
        await expect(page.locator("#messages-container")).to_contain_text("Change the prompt")


async def test_a_tool_of_its_own_is_used(address: str) -> None:
    async with page_of(address) as page:
        await opened(page, address, "demo-tools")
        await say(page, "What is the current timestamp?")
        await expect(page.locator(".chat-assistant").last).to_contain_text(
            "The tool get_current_timestamp says"
        )
