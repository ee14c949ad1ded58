from typing import Any

from lmarena_bridge.cli.session.waiting import instruction


def tab(browser: str, *, connected: bool = True) -> dict[str, Any]:
    return {"browser": browser, "connected": connected}


def test_without_a_tab_one_must_be_opened() -> None:
    for tabs in ([], [tab("Firefox 140", connected=False)]):
        assert instruction(tabs).plain.startswith("No LMArena tab is connected: open https://lmarena.ai")


def test_a_tab_is_named_by_its_browser() -> None:
    told = instruction([tab("Firefox 140"), tab("Edge", connected=False)]).plain
    assert told.startswith("The title of your tab begins with 🎯 (Firefox 140).")
    assert "Click Retry" in told


def test_several_tabs_are_counted_and_no_browser_is_named_twice() -> None:
    told = instruction([tab("Edge\x1b[2J"), tab("Firefox 140"), tab("Firefox 140")]).plain
    assert told.startswith("The titles of your 3 tabs begin with 🎯 (Edge\ufffd[2J, Firefox 140).")
