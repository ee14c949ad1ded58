"""The page as another computer opens it: over plain http under a name of the network.

So without what browsers tell and give only to safe pages (Sec-Fetch-Site, the clipboard).

The address of another computer cannot be had here: a layer in front says that requests come from one.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, expect

from lmarena_bridge.outbound.browser import find_browser
from lmarena_bridge.server.app import create_app
from lmarena_bridge.server.wire import App, Receive, Scope, Send
from support.chain import Chain, chain
from support.served import served
from support.watched_page import WatchedPage, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

NAME = "my-pc.home.arpa"
ELSEWHERE = ("192.0.2.7", 4711)
OPEN = {"pages_for_other_computers": True, "allowed_hosts": [NAME]}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    started = await playwright.chromium.launch(
        executable_path=find_browser(),
        chromium_sandbox=False,
        args=[f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
    )
    yield started
    await started.close()


def from_elsewhere(app: App) -> App:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": ELSEWHERE, "server": ("192.0.2.1", 5102)}, receive, send)

    return asked


@asynccontextmanager
async def network(folder: Path, settings: dict[str, Any]) -> AsyncIterator[tuple[Chain, str]]:
    """A running chain, and its address for other computers."""
    async with (
        chain(folder, settings=settings) as running,
        served(from_elsewhere(create_app(running.server.services))) as client,
    ):
        yield running, f"http://{NAME}:{client.base_url.port}"


@asynccontextmanager
async def looking(browser: Browser, url: str) -> AsyncIterator[WatchedPage]:
    context = await browser.new_context(locale="en-US", reduced_motion="reduce")
    try:
        async with watched_page(context, url) as watched:
            yield watched
    finally:
        await context.close()


async def test_who_has_the_token_comes_in_and_may_do_everything(browser: Browser, tmp_path: Path) -> None:
    async with network(tmp_path, OPEN) as (running, url), looking(browser, url) as viewer:
        page, home = viewer.page, running.server.services.home
        token = (home.state / "internal_token").read_text(encoding="utf-8").strip()
        await viewer.open()
        assert not await page.evaluate("isSecureContext")
        await expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
        await viewer.see("state/internal_token")
        assert await viewer.complaints_of_axe() == []
        await viewer.keep("door-1600-light")
        assert "demo-chat" not in await page.content()
        await page.get_by_label("Token").fill("a guess")
        await page.get_by_role("button", name="Enter").click()
        await viewer.see("That is not it.")
        await page.get_by_label("Token").fill(f" {token}\n")
        await page.get_by_label("Token").press("Enter")
        await expect(page.locator(".standing")).to_contain_text("Ready to chat")
        # Reading, writing and following all work; and so does copying, the old way.
        await viewer.open("settings")
        await page.get_by_label("tavern_mode_enabled").check()
        await page.get_by_role("button", name="Save 1 change").click()
        await viewer.see("Saved.")
        assert '"tavern_mode_enabled": true' in home.settings.read_text(encoding="utf-8")
        await running.ask("Tell me something", "demo-chat")
        await viewer.open("requests")
        await expect(page.locator("tbody tr")).to_have_count(1)
        upload = {"file_name": "note.txt", "file_data": "data:text/plain;base64,aGVsbG8="}
        await running.client.post("/upload", json=upload)
        await viewer.open("pictures")
        await page.get_by_role("button", name="Copy: /uploads/").click()
        await expect(page.get_by_role("button", name="Copied: /uploads/")).to_be_visible()
        await viewer.open("settings")
        await page.get_by_role("searchbox").press("ControlOrMeta+V")
        await expect(page.get_by_role("searchbox")).to_have_value(re.compile(f"^{re.escape(url)}/uploads/"))
        # This window remembers it, another one asks again.
        await page.reload()
        await page.locator("nav").wait_for()
        async with looking(browser, url) as stranger:
            await stranger.open()
            await expect(stranger.page.get_by_role("heading", name="Who are you?")).to_be_visible()


async def test_unless_the_person_has_opened_it_to_them_other_computers_get_no_page(
    browser: Browser, tmp_path: Path
) -> None:
    async with network(tmp_path, {"allowed_hosts": [NAME]}) as (_, url), looking(browser, url) as viewer:
        answer = await viewer.page.goto(url)
        assert answer is not None
        assert answer.status == 403
        await viewer.see("pages_for_other_computers")
        script = await viewer.page.goto(f"{url}/LMArenaApiBridge.user.js")
        assert script is not None
        assert script.status == 403
