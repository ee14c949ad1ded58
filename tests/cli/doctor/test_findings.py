from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.cli.doctor.facts import Facts, Server
from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.cli.doctor.findings import Question, findings, next_thing, question
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import Problem
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.sentences import Sentence, plain


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


TAB: Mapping[str, Any] = {
    "browser": "Firefox 140",
    "origin": "https://lmarena.ai",
    "version": "1.2",
    "visibility": "hidden",
    "connected": True,
    "attention": None,
    "profile": "p",
}
SERVER = Server("http://127.0.0.1:5102", "1.2", [TAB], [])
CONFIG = Config(
    models={"writer": ModelEntry("writer", "1"), "painter": ModelEntry("painter", "2", "image")},
    sessions={
        "writer": (SessionEntry(uuid(1), uuid(2)),),
        "painter": (SessionEntry(uuid(3), uuid(4), profile="p"),),
    },
)
GOOD = Facts(
    home=Path("home"),
    version="1.2",
    prepared=True,
    problems=(),
    config=CONFIG,
    server=SERVER,
    trouble="",
    port_taken=False,
    browser=Path("chromium"),
    gone=(),
    start="lmarena-bridge serve",
)


def session(number: int, state: str = "free", **more: Any) -> dict[str, Any]:
    ids = {"session_id": uuid(number), "message_id": uuid(number + 1)}
    return {**ids, "model": "writer", "profile": None, "state": state, "reason": None, **more}


@dataclass(frozen=True)
class Told:
    """A finding as a person reads it."""

    link: str
    state: str
    said: str
    advice: str


def all_told(facts: Facts) -> list[Told]:
    return [
        Told(each.link.text, each.state, each.said.text, str(each.advice or "")) for each in findings(facts)
    ]


def told(facts: Facts, link: str) -> Told:
    """The only finding about a link."""
    (finding,) = [finding for finding in all_told(facts) if finding.link == link]
    return finding


def text(said: str) -> Sentence:
    return plain(said, "test")


def with_server(**changes: Any) -> Facts:
    return replace(GOOD, server=replace(SERVER, **changes))


def with_tab(**changes: Any) -> Facts:
    return with_server(tabs=[{**TAB, **changes}])


def test_where_nothing_is_wrong_nothing_is_advised() -> None:
    found = all_told(GOOD)
    assert [finding.link for finding in found] == ["Files", "Bridge", "Browser", "Tab", "Models", "Sessions"]
    assert {finding.state for finding in found} == {"ok"}
    assert next_thing(findings(GOOD)) is None


def test_the_next_thing_is_that_of_the_first_error_else_of_the_first_warning() -> None:
    warned, erred = text("warned"), text("erred")
    warning = Finding(text("a"), "warning", text(""), warned)
    error = Finding(text("b"), "error", text(""), erred)
    other = Finding(text("c"), "error", text(""), text("erred again"))
    silent = Finding(text("d"), "skipped", text(""))
    assert next_thing([silent, warning, error, other]) is erred
    assert next_thing([silent, warning]) is warned
    assert next_thing([silent]) is None


# -- files --------------------------------------------------------------------------------------------------


def test_a_broken_file_is_told_with_its_place_and_models_must_wait() -> None:
    problems = (
        Problem("warning", "config.jsonc", text("odd")),
        Problem("error", "models.json", text("a comma is missing"), 2, 3),
        Problem("error", "models.json", text("another")),
    )
    facts = replace(GOOD, problems=problems, config=None)
    files = told(facts, "Files")
    assert files.state == "error"
    assert files.said == "models.json, line 2, column 3: a comma is missing (and 1 more)"
    assert "lmarena-bridge config check" in files.advice
    assert told(facts, "Models").state == "skipped"


def test_what_is_only_odd_is_a_warning() -> None:
    files = told(replace(GOOD, problems=(Problem("warning", "config.jsonc", text("odd"), 1, 1),)), "Files")
    assert (files.state, files.said) == ("warning", "config.jsonc, line 1, column 1: odd")


def test_files_that_are_not_there_yet_are_no_fault() -> None:
    files = told(replace(GOOD, prepared=False), "Files")
    assert files.state == "ok"
    assert "for the first time" in files.said


# -- the bridge ---------------------------------------------------------------------------------------------


def test_without_a_server_the_command_that_starts_one_comes_next() -> None:
    facts = replace(GOOD, server=None)
    assert told(facts, "Bridge").said == "not running"
    assert told(facts, "Tab").state == "skipped"
    assert str(next_thing(findings(facts))) == "Start the bridge in another terminal: lmarena-bridge serve"


def test_a_port_that_others_use_calls_for_another() -> None:
    bridge = told(replace(GOOD, server=None, port_taken=True), "Bridge")
    assert (bridge.state, bridge.advice[-11:]) == ("error", "--port 5103")


def test_a_server_that_does_not_answer_is_to_be_started_again() -> None:
    bridge = told(replace(GOOD, server=None, trouble="It did not answer within 60 s."), "Bridge")
    assert (bridge.state, bridge.said) == ("error", "It did not answer within 60 s.")


def test_an_old_server_is_to_be_restarted() -> None:
    bridge = told(with_server(version="1.1"), "Bridge")
    assert bridge.state == "warning"
    assert "1.2 is installed, 1.1 still runs" in bridge.advice


def test_no_browser_to_start_is_no_fault() -> None:
    assert told(replace(GOOD, browser=None), "Browser").state == "skipped"


# -- tabs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tabs", [[], [{**TAB, "connected": False}]])
def test_without_a_tab_script_site_and_permission_are_told(tabs: list[dict[str, Any]]) -> None:
    tab = told(with_server(tabs=tabs), "Tab")
    assert tab.state == "error"
    for needed in ("http://127.0.0.1:5102/LMArenaApiBridge.user.js", "https://lmarena.ai", "allow it"):
        assert needed in tab.advice


@pytest.mark.parametrize(
    ("visibility", "said"), [("hidden", "in the background"), ("visible", "in front"), ("frozen", "frozen")]
)
def test_a_tab_is_told_with_browser_script_and_place(visibility: str, said: str) -> None:
    tab = told(with_tab(visibility=visibility), "Tab")
    assert tab.said == f"Firefox 140 at https://lmarena.ai, script 1.2, {said}"
    assert tab.state == ("warning" if visibility == "frozen" else "ok")


def test_a_tab_whose_site_wants_a_person_says_what_to_do() -> None:
    tab = told(with_tab(attention="Finish the check."), "Tab")
    assert (tab.state, tab.advice) == ("error", "Finish the check.")


def test_a_script_of_another_version_is_to_be_installed_again() -> None:
    tab = told(with_tab(version="1.0"), "Tab")
    assert (tab.state, tab.advice[-22:]) == ("warning", "LMArenaApiBridge.user.js"[-22:])


def test_each_tab_is_told() -> None:
    found = all_told(with_server(tabs=[TAB, {**TAB, "attention": "Look."}]))
    assert [finding.state for finding in found if finding.link == "Tab"] == ["ok", "error"]


# -- models and sessions ------------------------------------------------------------------------------------


def test_without_a_model_the_commands_that_choose_one_come_next() -> None:
    facts = replace(GOOD, config=Config())
    assert told(facts, "Models").state == "error"
    assert "lmarena-bridge models update" in str(next_thing(findings(facts)))
    assert all(finding.link != "Sessions" for finding in all_told(facts))


def test_models_that_are_gone_from_the_site_are_named_some_of_them() -> None:
    models = told(replace(GOOD, gone=tuple("abcdefg")), "Models")
    assert (models.state, models.said) == (
        "warning",
        "2 set up; gone from the site: a, b, c, d, e, … (+2)",
    )


def test_without_any_session_one_must_be_captured() -> None:
    bare = Config(models=CONFIG.models)
    sessions = told(replace(GOOD, config=bare), "Sessions")
    assert sessions.state == "error"
    assert sessions.advice.endswith("lmarena-bridge session capture")


def test_models_without_a_session_are_named_but_are_the_persons_business() -> None:
    some = Config(models=CONFIG.models, sessions={"writer": CONFIG.sessions["writer"]})
    sessions = told(replace(GOOD, config=some), "Sessions")
    assert (sessions.state, sessions.said) == ("ok", "1 of 2 models have one; without one: painter")


def test_a_session_that_is_set_aside_is_told_with_reason_and_command() -> None:
    facts = with_server(sessions=[session(1, "set_aside", reason="It was voted on.")])
    aside = told(facts, "Session")
    assert (aside.state, aside.said) == ("warning", "of writer: set aside. It was voted on.")
    assert aside.advice == 'Capture it again: lmarena-bridge session capture --model "writer"'
    assert told(facts, "Sessions").said == "1 of 2 models have one; without one: writer"
    default = with_server(sessions=[session(9, "set_aside", reason="It was voted on.", model=None)])
    assert told(default, "Session").advice == "Capture it again: lmarena-bridge session capture"


def test_sessions_of_a_browser_that_is_not_here_are_counted() -> None:
    here, there = session(1, profile="p"), session(3, profile="other")
    assert len([each for each in all_told(with_server(sessions=[here])) if each.link == "Sessions"]) == 1
    both = all_told(with_server(sessions=[here, there]))
    assert [each.said for each in both if each.state == "warning"] == [
        "1 of 2 belong to a browser profile that has no tab open"
    ]
    without_tabs = all_told(with_server(sessions=[there], tabs=[]))
    assert all(finding.state != "warning" for finding in without_tabs)


def test_the_model_to_ask_is_one_that_can_answer_and_rather_writes_than_paints() -> None:
    assert question(GOOD, findings(GOOD)) == Question("http://127.0.0.1:5102", "writer", "")
    turned = Config(models=dict([*CONFIG.models.items()][::-1]), sessions=CONFIG.sessions)
    assert question(replace(GOOD, config=turned), []) == question(GOOD, [])
    only = with_server(sessions=[session(1, "set_aside", reason=""), session(3)])
    assert question(only, []) == Question("http://127.0.0.1:5102", "painter", "")


def test_a_default_session_serves_whom_it_may_with_one_of_the_keys() -> None:
    settings = Settings(session_id=uuid(1), message_id=uuid(2), api_key=("one", "two"))
    asked = question(replace(GOOD, config=Config(settings, CONFIG.models)), [])
    assert asked == Question("http://127.0.0.1:5102", "writer", "one")


@pytest.mark.parametrize(
    "facts", [replace(GOOD, server=None), replace(GOOD, config=None), replace(GOOD, config=Config())]
)
def test_nobody_is_asked_before_the_rest_is_in_order(facts: Facts) -> None:
    assert question(facts, []) is None


def test_an_error_anywhere_is_mended_first() -> None:
    assert question(GOOD, [Finding(text("Tab"), "error", text("gone"))]) is None
    assert question(GOOD, [Finding(text("Tab"), "warning", text("old"))]) is not None


def test_a_file_bed_whose_links_lead_nowhere_is_the_last_link_of_the_chain() -> None:
    settings = Settings(file_bed_enabled=True)
    found = findings(replace(GOOD, config=replace(CONFIG, settings=settings)))
    assert (str(found[-1].link), found[-1].state) == ("File bed", "warning")
    assert next_thing(found) == found[-1].advice
