"""The page in Polish, wherever the server has something to say: English are names and originals alone."""

import json

import pytest
from playwright.async_api import expect

from lmarena_bridge.core.site.human_check import human_check
from lmarena_bridge.demo.models import DEMO_MODELS, VOTED_MESSAGE_ID
from support.room import Room, Scheme
from support.watched_page import VIEWS, WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

# Words that stand in nearly every English sentence and are none in Polish.
_ENGLISH = r"\b(the|is|are|of|and|not|with|your|you|this|that|which|has|must|cannot|again|open)\b"
# The text of the page without what stays as it is: commands and names, words that another page shows („…”),
# answers of models, the log, what is marked as English.
_TEXTS = """(home) => {
    const words = new RegExp(%s, "i");
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const of = node.parentElement;
        const stays = of.closest("code, pre, option, [translate=no], [lang=en]:not(html), .log, .name");
        const text = node.data.replaceAll(home, "").replace(/„[^”]*”/g, "");
        if (!stays && words.test(text)) found.push(text.trim());
    }
    return found;
}""" % json.dumps(_ENGLISH)  # noqa: UP031 - braces


async def english_of(viewer: WatchedPage, room: Room) -> list[str]:
    found: list[str] = await viewer.page.evaluate(_TEXTS, str(room.home))
    return [text for text in found if not text.startswith("demo-chat, ")]


async def check(viewer: WatchedPage, button: str = "Sprawdź wszystko") -> None:
    """Press the button of the check-up, and see its end."""
    await viewer.page.get_by_role("button", name=button).click()
    await viewer.page.locator("[role=status]:has(.findings) + .notice").wait_for()


async def test_the_check_up_where_all_is_well_and_back_in_english(room: Room) -> None:
    async with room.looking("health", locale="pl-PL") as viewer:
        await check(viewer)
        page = viewer.page
        links = page.locator(".finding .pill")
        assert await links.all_inner_texts() == [
            "Pliki", "Program", "Przeglądarka", "Karta", "Modele", "Sesje", "Odpowiedź",
        ]  # fmt: skip
        findings = page.locator(".findings")
        await expect(findings).to_contain_text(f"{room.home}: wszystko w porządku")
        await expect(findings).to_contain_text("https://lmarena.ai, skrypt")
        await viewer.see("Wszystko działa.")
        assert await english_of(viewer, room) == []
        await page.get_by_label("Język").select_option("en")
        await expect(findings).to_contain_text(f"{room.home}: nothing is wrong")
        assert (await links.all_inner_texts())[:2] == ["Files", "Bridge"]
        await viewer.see("Everything works.")
        assert await english_of(viewer, room) != []  # or the search would find nothing anywhere


async def test_the_check_up_of_a_chain_that_is_broken_everywhere(room: Room) -> None:
    await break_everything(room)
    async with room.looking("health", locale="pl-PL") as viewer:
        await check(viewer)
        findings = viewer.page.locator(".findings")
        for said in (
            'config.jsonc, wiersz 2, kolumna 3: nie ma ustawienia "sesion_id"; może chodzi o "session_id"?',
            "Zajrzyj do config.jsonc, wiersz 2, kolumna 3: lmarena-bridge config check",
            "strona chce zobaczyć człowieka",
            "przejdź sprawdzenie, które pokazuje",
            "demo-chat: odrzucona. Tej sesji nie da się już użyć",
            'lmarena-bridge session capture --model "demo-chat"',
            "odnośniki zaczynają się od adresu tego komputera, a tam strona nie sięgnie",
        ):
            await expect(findings).to_contain_text(said)
        await viewer.see("Następny krok")
        assert await english_of(viewer, room) == []


async def test_no_view_speaks_english_of_what_went_wrong(room: Room) -> None:
    await break_everything(room)
    async with room.looking(locale="pl-PL") as viewer:
        for view in VIEWS:
            await viewer.open(view)
            await viewer.page.locator("main .card, main .step").first.wait_for()
            assert await english_of(viewer, room) == [], view


async def test_why_a_request_failed_is_said_in_polish_with_the_original_below(room: Room) -> None:
    await room.chain.ask("#arena:422")
    async with room.looking("requests", locale="pl-PL") as viewer:
        page = viewer.page
        await page.locator("tbody button").first.click()
        notice = page.locator(".details .notice")
        await expect(notice).to_contain_text("LMArena odrzuciła treść tego zapytania.")
        await expect(notice.locator("[lang=en]")).to_contain_text("LMArena refused the content")
        assert await english_of(viewer, room) == []
        await page.get_by_label("Język").select_option("en")
        await expect(notice).to_contain_text("LMArena refused the content")
        await expect(notice.locator(".original")).to_have_count(0)


async def test_a_request_of_the_page_itself_has_no_english_name(room: Room) -> None:
    async with room.looking("health", locale="pl-PL") as viewer:
        await check(viewer)
        await viewer.open("requests")
        await viewer.page.locator("tbody button").first.click()
        await expect(viewer.page.locator(".details dl").last).to_contain_text("ta strona")
        await expect(viewer.page.get_by_text("start page")).to_have_count(0)


async def test_a_setting_that_is_refused_and_a_file_that_is_broken(room: Room) -> None:
    async with room.looking("settings", locale="pl-PL") as viewer:
        page = viewer.page
        limit = page.get_by_label("queue_limit", exact=True)
        await limit.fill("-1")
        await page.get_by_role("button", name="Zapisz 1 zmianę").click()
        said = '"queue_limit": oczekiwana wartość to liczba całkowita od 0 do 100 000, a nie -1.'
        await expect(page.locator(".save .notice")).to_contain_text(said)
        await expect(limit).to_have_attribute("aria-invalid", "true")
        assert await english_of(viewer, room) == []
        (room.home / "config.jsonc").write_text('{\n  "queue_limit": ,\n}', encoding="utf-8")
        await viewer.see("config.jsonc, wiersz 2, kolumna 18")
        await viewer.see("przed tym znakiem , brakuje wartości")
        await limit.fill("8")
        await page.get_by_role("button", name="Zapisz 1 zmianę").click()
        await expect(page.locator(".save .notice")).to_contain_text("Pliku nie zmieniono")
        assert await english_of(viewer, room) == []


async def test_what_fills_a_sentence_is_text_and_is_not_filled_again(room: Room) -> None:
    hostile = "<img src=x onerror=window.hacked=1>{file}`"
    (room.home / "config.jsonc").write_text(json.dumps({hostile: 1}), encoding="utf-8")
    async with room.looking("settings", locale="pl-PL") as viewer:
        await viewer.see(f'nie ma ustawienia "{hostile}"')
        await viewer.open("health")
        await check(viewer)
        await expect(viewer.page.locator(".findings")).to_contain_text("onerror=window.hacked=1>{file}")
        assert await viewer.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_what_is_said_in_polish(room: Room, scheme: Scheme) -> None:
    """Beside it screenshots are kept, at two sizes, for people to look at."""
    await break_everything(room)
    for view in ("health", "requests", "overview", "sessions"):
        async with room.looking(view, locale="pl-PL", scheme=scheme) as viewer:
            if view == "health":
                await check(viewer)
            if view == "requests":
                await viewer.page.locator("tbody button").first.click()
                await viewer.page.locator(".details").wait_for()
            for width in (1600, 360):
                await viewer.page.set_viewport_size({"width": width, "height": 900})
                assert await viewer.page.evaluate("document.documentElement.scrollWidth") <= width
                assert await viewer.complaints_of_axe() == [], (view, width)
                await viewer.keep(f"pl-{view}-{width}-{scheme}")


async def break_everything(room: Room) -> None:
    """A setting that is none, a session that was voted on, a tab that waits for a person."""
    sessions = json.loads((room.home / "model_endpoint_map.json").read_text(encoding="utf-8"))
    sessions["demo-chat"] = {"session_id": DEMO_MODELS[0].session_id, "message_id": VOTED_MESSAGE_ID}
    (room.home / "model_endpoint_map.json").write_text(json.dumps(sessions), encoding="utf-8")
    text = '{\n  "sesion_id": "x",\n  "file_bed_enabled": true\n}\n'
    (room.home / "config.jsonc").write_text(text, encoding="utf-8")
    assert (await room.chain.ask("hi")).status_code == 502
    assert (await room.chain.ask(model="demo-unknown")).status_code == 404
    hub = room.chain.server.services.hub
    hub.needs_attention(hub.tabs[0].tab, human_check().message)
