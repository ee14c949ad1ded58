"""The badge: for mouse, keyboard and screen reader, out of the page's way; and the mark in the title."""

import pytest
from playwright.async_api import Page

from browser.conftest import HOME, Bench
from lmarena_bridge.core.tabs import messages as m
from support.badge import Badge
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
both_worlds = pytest.mark.parametrize("world", ["MAIN", "ISOLATED"])
WIDTH, HEIGHT = 1280, 720  # Playwright's window
EDGE = 12  # pixels between the badge and the window's edge


async def ready(tab: Page) -> Badge:
    badge = await Badge.of(tab)
    await badge.until("Bridge ready")
    return badge


async def still(tab: Page) -> None:
    """Until the badge has stopped moving."""
    await tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")


async def test_the_keyboard_reaches_opens_and_closes_it(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    await tab.get_by_role("button", name="Retry", exact=True).focus()
    await tab.keyboard.press("Tab")
    assert (await badge.look()).focused == "pill"
    await tab.keyboard.press("Enter")
    look = await badge.look()
    assert (look.open, look.expanded) == (True, True)
    await tab.keyboard.press("Tab")
    assert (await badge.look()).focused == ""  # the button in the panel
    await tab.keyboard.press("Escape")
    look = await badge.look()
    assert (look.open, look.expanded, look.focused) == (False, False, "pill")
    await tab.keyboard.press("Space")
    assert (await badge.look()).open
    await tab.keyboard.press("Space")
    assert not (await badge.look()).open


async def test_the_arrow_keys_move_it_from_corner_to_corner(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    await tab.get_by_role("button", name="Retry", exact=True).focus()
    await tab.keyboard.press("Tab")
    for key, side, edge in (
        ("ArrowLeft", 0, EDGE),
        ("ArrowUp", 1, EDGE),
        ("ArrowRight", 2, WIDTH - EDGE),
        ("ArrowDown", 3, HEIGHT - EDGE),
    ):
        await tab.keyboard.press(key)
        await still(tab)
        assert (await badge.look()).box[side] == pytest.approx(edge, abs=1)


async def test_its_keys_are_not_the_pages_keys(tab: Page, server: TabServer) -> None:
    await tab.evaluate(
        "window.keys = []; addEventListener('keydown', (event) => window.keys.push(event.key))"
    )
    badge = await ready(tab)
    await tab.get_by_role("button", name="Retry", exact=True).focus()
    for key in ("Tab", "ArrowLeft", "Enter", "Escape", "Escape", "x"):
        await tab.keyboard.press(key)
    assert await tab.evaluate("window.keys") == ["Tab", "Enter", "Escape", "x"]
    assert not (await badge.look()).open


async def test_it_can_be_dragged_and_stays_there_after_a_reload(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    x, y = await badge.centre(".pill")
    await tab.mouse.move(x, y)
    await tab.mouse.down()
    await tab.mouse.move(x - 300, y - 200, steps=5)
    await tab.mouse.up()
    await still(tab)
    assert await badge.centre(".pill") == pytest.approx((x - 300, y - 200), abs=1)
    assert not (await badge.look()).open, "a drag is no click"
    await tab.mouse.click(x - 300, y - 200)
    assert (await badge.look()).open, "a click is one"
    await tab.reload()
    again = await ready(tab)
    assert await again.centre(".pill") == pytest.approx((x - 300, y - 200), abs=1)


async def test_it_cannot_be_dragged_out_of_the_window(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    x, y = await badge.centre(".pill")
    await tab.mouse.move(x, y)
    await tab.mouse.down()
    await tab.mouse.move(-500, 5_000, steps=3)
    await tab.mouse.up()
    await still(tab)
    box = (await badge.look()).box
    assert (box[0], box[3]) == pytest.approx((EDGE, HEIGHT - EDGE), abs=1)
    await tab.set_viewport_size({"width": 360, "height": 400})
    try:
        x, y = await badge.centre(".pill")
        await tab.mouse.click(x, y)
        left, _ = await badge.centre(".panel")
        assert left > 150
    finally:
        await tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})


async def test_it_can_be_shrunk_to_a_dot_which_keeps_its_name(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    await badge.press("Shrink to a dot")
    look = await badge.look()
    assert look.small
    assert look.box[2] - look.box[0] == 30
    assert not look.open
    assert await pill_name(tab) == "Bridge ready"
    await tab.reload()
    badge = await ready(tab)
    assert (await badge.look()).small
    await badge.press("Show the label")
    assert not (await badge.look()).small


async def pill_name(tab: Page) -> str:
    """What a screen reader calls the button."""
    cdp = await tab.context.new_cdp_session(tab)
    tree = await cdp.send("Accessibility.getFullAXTree")
    names: list[str] = [
        node["name"]["value"]
        for node in tree["nodes"]
        if node.get("role", {}).get("value") == "button" and node["name"]["value"].startswith("Bridge")
    ]
    (name,) = names
    return name


async def test_changes_are_announced_to_screen_readers(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    assert (await badge.look()).news.startswith("LMArena Bridge: Connected to")
    cdp = await tab.context.new_cdp_session(tab)
    tree = await cdp.send("Accessibility.getFullAXTree")
    roles = [node.get("role", {}).get("value") for node in tree["nodes"]]
    assert "status" in roles


@both_worlds
async def test_the_page_does_not_notice_it(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    size = await tab.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [WIDTH, HEIGHT]
    left, top, right, bottom = (await badge.look()).box
    assert (right, bottom) == pytest.approx((WIDTH - EDGE, HEIGHT - EDGE), abs=1)
    beside = "([x, y]) => document.elementFromPoint(x, y).localName"
    assert await tab.evaluate(beside, [left - 2, top + 5]) == "html"
    assert await tab.evaluate(beside, [left + 20, top + 5]) == "div"
    assert await tab.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 0


async def test_rules_of_the_page_do_not_reach_it(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    before = (await badge.look()).box
    await tab.add_style_tag(
        content="div { position: static !important; display: none !important; left: 0 !important }"
    )
    assert (await badge.look()).box == before


async def test_it_comes_back_when_the_page_throws_its_content_away(tab: Page, server: TabServer) -> None:
    badge = await ready(tab)
    await tab.evaluate("document.body.replaceWith(document.createElement('body'))")
    assert (await badge.look()).box[2] > 0
    await tab.evaluate("document.querySelector('html > div').remove()")
    await tab.wait_for_selector("html > div", state="attached")
    await tab.evaluate("""() => {
        const html = document.createElement("html");
        html.append(document.createElement("head"), document.createElement("body"));
        document.replaceChild(html, document.documentElement);
        document.title = "All new";
    }""")
    await tab.wait_for_selector("html > div", state="attached")
    await tab.wait_for_function("document.title === '✅ All new'")


async def test_a_page_that_insists_on_having_no_badge_wins(tab: Page, server: TabServer) -> None:
    await ready(tab)
    await tab.evaluate("""() => {
        const clean = () => document.querySelector("html > div")?.remove();
        new MutationObserver(clean).observe(document.documentElement, { childList: true });
        clean();
    }""")
    assert await tab.evaluate("document.querySelectorAll('html > div').length") == 0


@pytest.mark.parametrize("kept", ["{", '{"x":7,"y":"a"}', "null", '{"x":0.5,"y":0.5,"small":"yes"}'])
async def test_whatever_lies_in_the_pages_storage_it_shows_up(
    tab: Page, server: TabServer, kept: str
) -> None:
    await ready(tab)
    await tab.evaluate("(kept) => localStorage.setItem('lmarena-bridge-badge', kept)", kept)
    await tab.reload()
    look = await (await ready(tab)).look()
    assert 0 < look.box[0] < WIDTH
    assert not look.small


async def test_the_mark_stays_when_the_page_changes_its_title(tab: Page, server: TabServer) -> None:
    await ready(tab)
    changes = {
        "document.title = '😀 Chat with x'": "✅ 😀 Chat with x",
        "document.querySelector('title').firstChild.data = 'Changed within'": "✅ Changed within",
        "document.querySelector('title').replaceWith(document.createElement('title'))": "✅",
        "document.title = '  Two  spaces '": "✅ Two spaces",
        "document.querySelector('title').remove(); document.title = 'New element'": "✅ New element",
        "document.title = '✅ Marked already'": "✅ Marked already",
    }
    for change, title in changes.items():
        await tab.evaluate(f"() => {{ {change} }}")
        await tab.wait_for_function("(title) => document.title === title", arg=title)


@both_worlds
async def test_the_mark_goes_with_the_connection(tab: Page, server: TabServer) -> None:
    await ready(tab)
    await tab.evaluate("() => { document.title = '🎈 Party' }")
    await tab.wait_for_function("document.title === '✅ 🎈 Party'")
    server.turn_away = (m.CLOSE_SECRET, "")
    server.links[0].cut()
    await tab.wait_for_function("document.title === '🎈 Party'")


async def test_a_page_that_insists_on_its_title_wins(tab: Page, server: TabServer) -> None:
    await ready(tab)
    await tab.evaluate("""() => {
        const insist = () => { if (document.title !== "Mine") document.title = "Mine"; };
        const anything = { childList: true, subtree: true, characterData: true };
        new MutationObserver(insist).observe(document.head, anything);
        insist();
    }""")
    assert await tab.evaluate("1 + 1") == 2, "both did not write for ever"


async def test_only_the_page_itself_connects_not_its_frames(tab: Page, server: TabServer) -> None:
    await ready(tab)
    await tab.evaluate(
        """(url) => new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = resolve;
        frame.src = url;
        document.body.append(frame);
    })""",
        f"{HOME}/framed",
    )
    await server.links[0].say(m.Ping(at=1))
    await server.hear(m.Pong)
    assert len(server.links) == 1


async def test_a_second_copy_of_the_script_rests(tab: Page, server: TabServer, bench: Bench) -> None:
    await ready(tab)
    async with tab.expect_console_message(lambda line: "Another copy" in line.text):
        await tab.evaluate(bench.script)
    assert await tab.evaluate("document.querySelectorAll('html > div').length") == 1
    assert len(server.links) == 1
