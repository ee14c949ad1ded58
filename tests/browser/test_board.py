"""The start page as a dashboard, in a real Chromium: live, safe, for everybody."""

import asyncio
import base64
import json
import random
import re
import time
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, expect

from lmarena_bridge.storage.history import History
from lmarena_bridge.storage.history_schema import Row
from support.chain import chain
from support.room import LARGE, Room, Scheme
from support.watched_page import PATIENCE, VIEWS, WatchedPage, watched_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

# What must never become more than text.
HOSTILE = '<img src="https://evil.example/x" onerror="window.hacked=1"><script>window.hacked=1</script>'

HOSTILE_FILE = "<img src=x onerror=window.hacked=1>.txt"
HOSTILE_PICTURE = "![x](https://evil.example/picture.png) ![y](javascript:window.hacked=1)"


async def test_two_viewers_see_a_tab_come_and_a_request_run_and_end(room: Room) -> None:
    async with room.looking("overview") as one, room.looking("overview") as other:
        tab = room.chain.open_tab(profile="another-profile")
        for viewer in (one, other):
            await expect(viewer.page.locator(".tabs > li")).to_have_count(2, timeout=PATIENCE)
            await viewer.see("profile another-")
        room.chain.tasks[tab].cancel()
        for viewer in (one, other):
            await expect(viewer.page.locator(".tabs > li")).to_have_count(1, timeout=PATIENCE)
        async with room.chain.asking("#arena:pace=50 tell me a long story #arena:hang") as answer:
            lines = answer.aiter_lines()  # held: forgotten, it would close the answer
            await anext(lines)
            for viewer in (one, other):
                await viewer.see("streaming")
        for viewer in (one, other):
            await viewer.see("client left")


async def test_a_tab_that_needs_a_person_says_so_until_they_have_acted(room: Room) -> None:
    hub = room.chain.server.services.hub
    async with room.looking("overview") as viewer:
        hub.needs_attention(hub.tabs[0].tab, "LMArena wants to see you: pass the check in the tab.")
        await viewer.see("LMArena wants to see you")
        await expect(viewer.page.locator(".standing")).to_contain_text("A tab needs you")
        await viewer.page.get_by_role("button", name="I have done it, go on").click()
        await expect(viewer.page.locator(".standing")).to_contain_text("Ready to chat")


async def test_a_setting_is_changed_in_the_file_and_a_wrong_one_refused(room: Room) -> None:
    file = room.home / "config.jsonc"
    file.write_text('{\n  // keep me\n  "queue_limit": 7\n}\n', encoding="utf-8")
    async with room.looking("settings") as viewer:
        page = viewer.page
        limit = page.get_by_label("queue_limit", exact=True)
        await expect(limit).to_have_value("7")
        await limit.fill("-1")
        await page.get_by_label("tavern_mode_enabled").check()
        await page.get_by_role("button", name="Save 2 changes").click()
        await viewer.see('"queue_limit" must be a whole number from 0 to 100000, not -1.')
        assert '"queue_limit": 7' in file.read_text(encoding="utf-8")
        await limit.fill("8")
        await page.get_by_role("button", name="Save 2 changes").click()
        await viewer.see("Saved.")
        text = file.read_text(encoding="utf-8")
        assert "// keep me" in text
        assert '"queue_limit": 8' in text
        assert '"tavern_mode_enabled": true' in text
        # What is written elsewhere is seen here.
        file.write_text(text.replace("8", "9"), encoding="utf-8")
        await expect(limit).to_have_value("9")
        file.write_text('{\n  "queue_limit": ,\n}', encoding="utf-8")
        await viewer.see("config.jsonc, line 2, column 18")


async def test_nothing_hostile_runs_or_fetches_anything(room: Room) -> None:
    sessions = json.loads((room.home / "model_endpoint_map.json").read_text(encoding="utf-8"))
    sessions[HOSTILE] = sessions["demo-chat"]
    (room.home / "model_endpoint_map.json").write_text(json.dumps(sessions), encoding="utf-8")
    (room.home / "models.json").write_text(json.dumps({HOSTILE: "null"}), encoding="utf-8")
    await room.chain.client.post(
        "/v1/files", files={"file": (HOSTILE_FILE, b"x")}, data={"purpose": "user_data"}
    )
    await room.chain.ask(model=f"unknown {HOSTILE}")
    async with room.looking("chat") as viewer:
        page = viewer.page
        await page.get_by_label("Model", exact=True).select_option(HOSTILE)
        await page.get_by_label("Your message").fill(f"{HOSTILE} {HOSTILE_PICTURE}")
        await page.get_by_label("Your message").press("Enter")
        await expect(page.locator(".turn.assistant .text")).to_contain_text("evil.example/picture.png")
        await expect(page.locator(".turn.assistant .figures")).to_be_visible()
        for view in VIEWS:
            await viewer.open(view)
            await page.wait_for_function("!document.querySelector('.pulse')")
        await viewer.open("pictures")
        await viewer.see(HOSTILE_FILE)
        assert await page.evaluate("window.hacked") is None
        assert await page.locator("img[onerror], main script, img[src^='http']").count() == 0


async def test_a_picture_of_ours_is_seen_in_the_chat_and_in_the_gallery(room: Room) -> None:
    async with room.looking("chat") as viewer:
        await viewer.page.get_by_label("Model", exact=True).select_option("demo-painter")
        await viewer.page.get_by_label("Your message").fill("a lighthouse")
        await viewer.page.get_by_role("button", name="Send").click()
        picture = viewer.page.locator(".turn.assistant img")
        await picture.wait_for()
        assert re.fullmatch(r"/images/[0-9a-f]{32}\.\w+", await picture.get_attribute("src") or "")
        await viewer.page.get_by_role("link", name="Pictures and files").click()
        await expect(viewer.page.locator(".gallery img")).to_have_count(1)


async def test_the_page_connects_again_when_the_server_is_back(browser: Browser, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(AsyncExitStack())
        running = await first.enter_async_context(chain(tmp_path))
        port = httpx2.URL(running.server.url).port or 0
        context = await browser.new_context()
        stack.push_async_callback(context.close)
        viewer = await stack.enter_async_context(watched_page(context, running.server.url))
        await viewer.open("overview")
        await expect(viewer.page.locator(".tabs > li")).to_have_count(1)
        await first.aclose()
        await viewer.see("The server does not answer.")
        await stack.enter_async_context(chain(tmp_path / "again", port=port))
        await expect(viewer.page.get_by_text("The server does not answer.")).to_have_count(
            0, timeout=PATIENCE
        )
        await expect(viewer.page.locator(".tabs > li")).to_have_count(1)


async def test_it_is_there_in_polish_and_remembers_a_choice(room: Room) -> None:
    async with room.looking("models", locale="pl-PL") as viewer:
        page = viewer.page
        await expect(page.locator("h1")).to_have_text("Modele")
        assert await page.evaluate("document.documentElement.lang") == "pl"
        await page.get_by_label("Język").select_option("en")
        await expect(page.locator("h1")).to_have_text("Models")
        await page.reload()
        await expect(page.locator("h1")).to_have_text("Models")


async def test_where_a_key_is_asked_for_the_page_still_chats(browser: Browser, tmp_path: Path) -> None:
    async with (
        chain(tmp_path, settings={"api_key": "the-persons-key"}) as running,
        Room(running, browser).looking("chat") as viewer,
    ):
        await viewer.page.get_by_label("Your message").fill("What is 6 * 7?")
        await viewer.page.get_by_role("button", name="Send").click()
        await expect(viewer.page.locator(".turn.assistant .text")).to_contain_text("42")
        assert "the-persons-key" not in await viewer.page.content()


async def test_the_settings_are_explained_in_polish_and_found_by_it(room: Room) -> None:
    async with room.looking("settings", locale="pl-PL") as viewer:
        page = viewer.page
        await expect(page.get_by_role("heading", name="Magazyn plików")).to_be_visible()
        await page.get_by_role("searchbox").fill("wydaniom, którym ufasz")
        await expect(page.locator(".setting")).to_have_count(0)
        await page.get_by_role("searchbox").fill("wydania, którym ufasz")
        await expect(page.locator(".setting")).to_have_count(1)
        assert await page.locator(".setting .about").get_attribute("lang") == "pl"
        await page.get_by_role("searchbox").fill("")
        # What stays English is of other kinds: values, names.
        assert await page.locator(".setting .about[lang=en], h2[lang=en]").count() == 0


# Everything on the page that moves by itself, or would if something changed.
MOVING = """[...document.querySelectorAll("*")].flatMap((each) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(each, part || null);
    const moves = style.animationName !== "none" || style.scrollBehavior !== "auto"
        || style.transitionDuration.split(", ").some((duration) => duration !== "0s");
    return moves ? `${each.className}${part}` : "";
}).filter(Boolean))"""


async def test_for_those_who_want_no_motion_nothing_moves(room: Room) -> None:
    async with room.chain.asking("#arena:pace=50 tell me a long story #arena:hang") as answer:
        lines = answer.aiter_lines()
        await anext(lines)
        async with room.looking("overview") as viewer:
            await viewer.see("streaming")
            for view in VIEWS:
                await viewer.open(view)
                await _settled(viewer)
                assert await viewer.page.evaluate(MOVING) == [], view
                assert await viewer.page.evaluate("document.getAnimations().length") == 0, view
            # The same page moves for others, or this would say nothing.
            await viewer.page.emulate_media(reduced_motion="no-preference")
            await viewer.open("start")
            assert await viewer.page.evaluate(MOVING) != []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_view_and_nothing_sticks_out(room: Room, scheme: Scheme) -> None:
    """Beside it screenshots are kept, at two sizes, for people to look at."""
    await _some_life(room)
    async with room.looking(scheme=scheme) as viewer:
        for view in VIEWS:
            await viewer.page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
            await viewer.open(view)
            await _settled(viewer)
            assert await viewer.complaints_of_axe() == [], view
            await viewer.keep(f"{view}-1600-{scheme}")
            await viewer.page.set_viewport_size({"width": 360, "height": 740})
            wide = await viewer.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 360, f"{view} is {wide} px wide"
            assert await viewer.complaints_of_axe() == [], f"{view}, small"
            await viewer.keep(f"{view}-360-{scheme}")


@pytest.mark.parametrize("width", [1280, LARGE[0]])
async def test_beside_the_details_of_a_request_the_table_still_fits(room: Room, width: int) -> None:
    await _some_life(room)
    async with room.looking("requests", size=(width, 900)) as viewer:
        await viewer.page.locator("td button.link").first.click()
        await expect(viewer.page.locator(".details")).to_be_visible(timeout=PATIENCE)
        await viewer.keep(f"request-details-{width}")
        table = viewer.page.locator(".table.tall")
        assert await table.evaluate("each => each.scrollWidth - each.clientWidth") == 0


async def test_the_picture_for_the_readme(room: Room) -> None:
    await _some_life(room)
    await asyncio.to_thread(_a_busy_hour, room.chain.server.services.board.history)
    async with room.looking("overview", size=(1280, 800)) as viewer:
        await _settled(viewer)
        await viewer.keep("start-page", full=False)


def _a_busy_hour(history: History) -> None:
    """What a person's hour might look like. Invented: the arena answers too fast for a picture of it."""
    chance, now = random.Random(5), time.time()
    for number in range(220):
        at = now - chance.random() ** 1.6 * 3600
        good, first, length = chance.random() > 0.05, chance.lognormvariate(-0.2, 0.4), chance.uniform(2, 9)
        history.record(
            Row(
                id=int(at * 1000) + number,
                started=at,
                model="demo-chat",
                kind="text",
                client="",
                session="",
                tab="",
                attempts=1,
                status=200 if good else 429,
                code="" if good else "rate_limited",
                message="",
                prepared=0.0,
                first=first if good else None,
                total=first + length,
                tokens=int(length * chance.uniform(45, 80)) if good else None,
                estimated=0,
                asked=400,
                answered=900,
                pictures=0,
            )
        )
    history.settled()


async def _some_life(room: Room) -> None:
    for model in ("demo-chat", "demo-thinker", "demo-search", "demo-painter", "demo-chat"):
        await room.chain.ask("Tell me something about bridges", model)
    await room.chain.ask(model="demo-unknown")
    await asyncio.to_thread(room.chain.server.services.board.history.settled)
    pixel = base64.b64encode(b"hello").decode()
    upload = {"file_name": "note.txt", "file_data": f"data:text/plain;base64,{pixel}"}
    await room.chain.client.post("/upload", json=upload)


async def _settled(viewer: WatchedPage) -> None:
    """Nothing is on its way any more."""
    await viewer.page.locator("main .card, main .step").first.wait_for()
    await viewer.page.wait_for_load_state("load")
