import pytest

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.problem import Problem, Report
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.settings_file import parse_settings

# As an earlier bridge wrote it (2.7.6): comments, escaped slashes, keys that mean nothing to us.
OF_AN_EARLIER_BRIDGE = r"""{
  // 版本
  "version": "2.7.6",
  "session_id": "6d1f5f0e-0000-4000-8000-000000000001", /* from the tab */
  "message_id": "6d1f5f0e-0000-4000-8000-000000000002",
  "id_updater_last_mode": "battle",
  "id_updater_battle_target": "B",
  "enable_auto_update": true,
  "bypass_enabled": true,
  "tavern_mode_enabled": false,
  "file_bed_enabled": false,
  "file_bed_upload_url": "http:\/\/127.0.0.1:5180/upload",
  "file_bed_api_key": "your_secret_api_key",
  "use_default_ids_if_mapping_not_found": true,
  "stream_response_timeout_seconds": 360,
  "enable_idle_restart": true,
  "idle_restart_timeout_seconds": -1,
  "api_key": "",
}
"""


def parse(text: str, listening: str | None = None) -> tuple[Settings, tuple[Problem, ...]]:
    document = loads(text)
    report = Report("config.jsonc", document)
    return parse_settings(document, report, listening=listening), report.problems


def test_the_file_of_an_earlier_bridge_is_taken_as_it_is() -> None:
    settings, problems = parse(OF_AN_EARLIER_BRIDGE)
    assert problems == ()
    assert settings == Settings(
        session_id="6d1f5f0e-0000-4000-8000-000000000001",
        message_id="6d1f5f0e-0000-4000-8000-000000000002",
        id_updater_last_mode="battle",
        id_updater_battle_target="B",
        bypass_enabled=True,
        file_bed_upload_url="http://127.0.0.1:5180/upload",
        file_bed_api_key="your_secret_api_key",
    )


def test_an_empty_object_means_the_defaults() -> None:
    assert parse("{}") == (Settings(), ())


def test_a_wrong_value_is_named_with_place_expectation_and_what_was_found() -> None:
    _, problems = parse('{\n  "port": "5102"\n}')
    assert [str(problem) for problem in problems] == [
        'config.jsonc, line 2, column 11: "port" must be a whole number from 1 to 65535, but is "5102"'
    ]
    assert problems[0].key == "port"


def test_all_wrong_values_are_named_at_once() -> None:
    _, problems = parse('{"port": 0, "jobs_per_tab": -1, "tab_policy": "some"}')
    assert [problem.key for problem in problems] == ["port", "jobs_per_tab", "tab_policy"]


def test_a_wrong_key_is_not_shown() -> None:
    _, problems = parse('{"api_key": ["canary", 5], "file_bed_api_key": ["canary"]}')
    assert [problem.key for problem in problems] == ["api_key", "file_bed_api_key"]
    assert "canary" not in str(problems)


def test_an_unknown_setting_is_a_warning_with_the_nearest_known_name() -> None:
    _, problems = parse('{"sesion_id": "x", "colour": "red"}')
    assert [(problem.severity, str(problem.message)) for problem in problems] == [
        ("warning", 'there is no setting "sesion_id"; did you mean "session_id"?'),
        ("warning", 'there is no setting "colour"; it is passed over'),
    ]
    assert (problems[1].line, problems[1].column) == (1, 20)


@pytest.mark.parametrize(("text", "found"), [("[]", "a list […]"), ("5", "5")])
def test_settings_that_are_no_object_are_refused(text: str, found: str) -> None:
    settings, problems = parse(text)
    assert settings == Settings()
    assert [str(problem) for problem in problems] == [
        f"config.jsonc, line 1, column 1: the settings must stand in one object {{…}}, not in {found}"
    ]


def test_an_open_address_without_a_key_is_refused_where_it_stands() -> None:
    _, problems = parse('{"host": "0.0.0.0"}')
    assert [(problem.severity, problem.key, problem.column) for problem in problems] == [
        ("error", "host", 10)
    ]
    assert parse('{"host": "0.0.0.0", "api_key": "k"}')[1] == ()


def test_the_key_of_a_server_that_listens_openly_cannot_be_taken_away() -> None:
    _, problems = parse('{"host": "127.0.0.1", "api_key": ""}', listening="0.0.0.0")
    assert [problem.severity for problem in problems] == ["error"]


def test_an_address_that_is_not_the_one_in_use_needs_no_key_yet() -> None:
    assert parse('{"host": "0.0.0.0"}', listening="127.0.0.1")[1] == ()
