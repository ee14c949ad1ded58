"""A newer version, as the start page tells of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from support.chain import chain
from support.releases import Publisher, publisher
from support.watched_page import PATIENCE, WatchedPage, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

HOSTILE = '<img src="https://evil.example/x" onerror="window.hacked=1">\n<script>window.hacked=1</script>'


@pytest_asyncio.fixture(loop_scope="session")
async def here() -> AsyncIterator[Publisher]:
    async with publisher() as here:
        yield here


async def test_a_newer_version_is_told_with_its_notes_and_the_command_until_dismissed(
    browser: Browser, here: Publisher, tmp_path: Path
) -> None:
    here.publishes("9.0.0", notes=HOSTILE)
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    async with (
        context,
        chain(tmp_path, settings=here.settings) as running,
        watched_page(context, running.server.url) as viewer,
    ):
        page = viewer.page
        await viewer.open("overview")
        told = page.locator(".notice", has_text="Version 9.0.0 is there")
        await told.wait_for()
        await expect(told.locator(".notes")).to_have_text(HOSTILE.replace("\n", " "), use_inner_text=False)
        assert await page.locator("main img[onerror], main script").count() == 0
        assert await page.evaluate("window.hacked") is None
        await told.get_by_role("button", name="Copy: Command that installs it").click()
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("lmarena-bridge update")
        assert str(running.server.services.home.path) in copied
        assert await viewer.complaints_of_axe() == []
        await viewer.keep("update-1600-light")
        await told.get_by_role("button", name="Hide until the next version").click()
        await expect(told).to_have_count(0)
        await page.reload()
        await page.locator("main h1").wait_for()
        await expect(told).to_have_count(0)
        # Where one looks for it, it still stands.
        await viewer.open("health")
        await expect(page.locator(".updates")).to_contain_text("Version 9.0.0 is there")
        # The next one is told again.
        here.publishes("9.1.0")
        await page.get_by_role("button", name="Look now").click()
        await expect(page.locator(".updates")).to_contain_text("Version 9.1.0 is there", timeout=PATIENCE)
        await viewer.open("overview")
        await viewer.see("Version 9.1.0 is there")


async def test_what_is_not_signed_is_told_as_such_and_where_nothing_is_set_how_one_updates(
    browser: Browser, here: Publisher, tmp_path: Path
) -> None:
    release = here.publishes("9.0.0")
    here.gives("/manifest.json", Publisher().signed(replace(release, notes="Trust me.")))
    context = await browser.new_context(locale="pl-PL")
    async with (
        context,
        chain(tmp_path, settings=here.settings) as running,
        watched_page(context, running.server.url) as viewer,
    ):
        await viewer.open("health")
        card = viewer.page.locator(".updates")
        await expect(card).to_contain_text("nie jest wiarygodne")
        await expect(card).not_to_contain_text("Trust me.")
        file = running.server.services.home.settings
        file.write_text("{}", encoding="utf-8")
        await expect(card).to_contain_text("Dlatego program nie pyta o nic w sieci.", timeout=PATIENCE)
        await _english(viewer)
        await viewer.see("No place is set where releases are announced")


async def _english(viewer: WatchedPage) -> None:
    await viewer.page.get_by_label("Język").select_option("en")
