"""Pictures of answers inside the web page of a chat client, in real Chromium."""

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from playwright.async_api import Page, async_playwright

from lmarena_bridge.cli.demo import DemoChain
from lmarena_bridge.demo.serving import serve_plainly
from lmarena_bridge.outbound.browser import find_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(), chromium_sandbox=sys.platform != "linux"
        )
        try:
            yield await browser.new_page()
        finally:
            await browser.close()


async def client_page(scope: Any, receive: Any, send: Any) -> None:
    """A chat client that forbids embedding of what has not allowed it (COEP), the strictest there are."""
    headers = [
        (b"content-type", b"text/html"),
        (b"cross-origin-embedder-policy", b"require-corp"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<!doctype html><title>chat</title><body></body>"})


SHOW = """(address) => new Promise((resolve) => {
  const image = document.createElement("img");
  image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
  image.onerror = () => resolve(null);
  image.src = address;
  document.body.append(image);
})"""


async def test_a_page_of_another_site_shows_the_picture_and_cannot_run_it(
    demo: DemoChain, page: Page
) -> None:
    async with AsyncOpenAI(base_url=f"{demo.server.url}/v1", api_key="any", max_retries=0) as client:
        answer = await client.images.generate(model="demo-painter", prompt="a hedgehog")
    address = (answer.data or [])[0].url
    async with serve_plainly(client_page) as served:
        await page.goto(f"http://localhost:{served.port}/")
        width, height = await page.evaluate(SHOW, address)
        assert min(width, height) > 100
        assert await page.evaluate(SHOW, f"{demo.server.url}/images/{'0' * 32}.png") is None
        # The rest of the server stays closed to it.
        assert await page.evaluate(SHOW, f"{demo.server.url}/v1/models") is None
        told = await page.evaluate("(address) => fetch(address).then(() => 'read', () => 'refused')", address)
        assert told == "refused"
    opened = await page.goto(address or "")
    assert opened is not None
    assert (await opened.all_headers())["content-security-policy"] == "default-src 'none'; sandbox"
