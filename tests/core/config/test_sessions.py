from collections.abc import Mapping

import pytest

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.problem import Report
from lmarena_bridge.core.config.sessions import SessionEntry, parse_sessions


def parse(text: str) -> tuple[Mapping[str, tuple[SessionEntry, ...]], list[str]]:
    document = loads(text)
    report = Report("model_endpoint_map.json", document)
    return parse_sessions(document, report), [str(problem) for problem in report.problems]


def test_a_model_has_one_session_or_a_list_of_them() -> None:
    sessions, problems = parse("""{
        "one": {"session_id": "s", "message_id": "m"},
        "two": [{"session_id": "s1", "message_id": "m1"}, {"session_id": "s2", "message_id": "m2"}],
        "none": [],
    }""")
    assert problems == []
    assert sessions == {
        "one": (SessionEntry("s", "m"),),
        "two": (SessionEntry("s1", "m1"), SessionEntry("s2", "m2")),
        "none": (),
    }


def test_a_session_may_say_its_mode_its_side_and_its_profile() -> None:
    sessions, problems = parse("""{"name": {
        "session_id": "s", "message_id": "m", "mode": "battle", "battle_target": "B", "profile": "p"
    }}""")
    assert problems == []
    assert sessions["name"] == (SessionEntry("s", "m", mode="battle", battle_target="B", profile="p"),)


def test_what_people_have_in_their_files_is_forgiven() -> None:
    sessions, problems = parse("""{"name": {
        "session_id": " s ", "message_id": "m\\n", "mode": "", "battle_target": "a", "profile": null,
        "comment": {"from": "an earlier bridge"}
    }}""")
    assert problems == []
    assert sessions["name"] == (SessionEntry("s", "m", battle_target="A"),)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('{"session_id": "s"}', 'line 1, column 10: the session of "name" has no "message_id"'),
        (
            '{"session_id": "", "message_id": "m"}',
            'line 1, column 10: the session of "name" has no "session_id"',
        ),
        (
            '{"session_id": 1, "message_id": "m"}',
            'line 1, column 25: "session_id" must be a text that is not empty, but is 1',
        ),
        (
            '{"session_id": "s", "message_id": "m", "mode": "side"}',
            'line 1, column 57: "mode" must be "direct_chat" or "battle", but is "side"',
        ),
        (
            '"s"',
            'line 1, column 10: a session must be {"session_id": "…", "message_id": "…"}, but is "s"',
        ),
    ],
)
def test_a_wrong_session_is_refused_with_its_place(entry: str, message: str) -> None:
    _, problems = parse(f'{{"name": {entry}}}')
    assert problems == [f"model_endpoint_map.json, {message}"]


def test_a_wrong_session_does_not_hide_the_others_of_the_pool() -> None:
    sessions, problems = parse('{"name": [5, {"session_id": "s", "message_id": "m"}, {}]}')
    assert sessions["name"] == (SessionEntry("s", "m"),)
    assert len(problems) == 3


def test_sessions_that_are_no_object_are_refused() -> None:
    assert parse("[]") == (
        {},
        [
            "model_endpoint_map.json, line 1, column 1: the sessions must stand in one object "
            '{"model": {…}}, not in a list […]'
        ],
    )
