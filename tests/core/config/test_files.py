import pytest

from lmarena_bridge.core.config.files import (
    Reading,
    is_blank,
    read_models,
    read_sessions,
    read_settings,
)
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings

BOM = b"\xef\xbb\xbf"


def said(reading: Reading[object]) -> list[str]:
    return [f"{problem.severity} {problem}" for problem in reading.problems]


def test_a_good_file_becomes_its_value() -> None:
    assert read_settings(b'{"port": 5103}') == Reading(Settings(port=5103))
    assert read_models(b'{"name": "id"}') == Reading({"name": ModelEntry("name", "id")})
    assert read_sessions(b'{"name": {"session_id": "s", "message_id": "m"}}') == Reading(
        {"name": (SessionEntry("s", "m"),)}
    )


def test_windows_editors_leave_no_trace() -> None:
    assert read_models(BOM + '{\r\n  "é": "id",\r\n}\r\n'.encode()) == Reading({"é": ModelEntry("é", "id")})


@pytest.mark.parametrize("data", [b"", b" \r\n\t", BOM, BOM + b"\n"])
def test_an_empty_list_of_models_or_sessions_is_none_but_empty_settings_are_an_error(data: bytes) -> None:
    assert is_blank(data)
    assert read_models(data) == Reading({})
    assert read_sessions(data) == Reading({})
    assert read_settings(data).value is None
    assert "the file is empty; it must hold at least {}" in said(read_settings(data))[0]


def test_a_file_with_anything_in_it_is_not_blank() -> None:
    assert not is_blank(b"{}")


def test_an_error_leaves_no_value_but_all_problems_in_the_order_of_the_file() -> None:
    reading = read_settings(b'{\n"prt": 1,\n"host": "0.0.0.0",\n"port": 0}')
    assert reading.value is None
    assert [(problem.line, problem.severity) for problem in reading.problems] == [
        (2, "warning"),
        (3, "error"),
        (4, "error"),
    ]


def test_a_warning_leaves_the_value() -> None:
    reading = read_settings(b'{"prt": 1, "port": 5103}')
    assert reading.value == Settings(port=5103)
    assert said(reading) == [
        'warning config.jsonc, line 1, column 2: there is no setting "prt"; did you mean "port"?'
    ]


def test_what_is_no_jsonc_is_an_error_with_its_place() -> None:
    assert said(read_models(b'{"a": "1"\n "b": "2"}')) == [
        "error models.json, line 2, column 2: a comma is missing before this"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_than_utf_8_is_named(encoding: str) -> None:
    line = 1 if encoding == "utf-16" else 2
    assert said(read_sessions('{\n"é": []}'.encode(encoding))) == [
        f"error model_endpoint_map.json: the file is not in UTF-8 (line {line}); save it with that encoding"
    ]


def test_a_name_that_is_given_twice_is_a_warning() -> None:
    reading = read_models(b'{"a": "1",\n "b": "2",\n "a": "3"}')
    assert reading.value == {"a": ModelEntry("a", "3"), "b": ModelEntry("b", "2")}
    assert said(reading) == [
        'warning models.json, line 3, column 2: "a" is given 2 times; this last one counts'
    ]


def test_what_is_no_object_has_no_names_to_give_twice() -> None:
    assert len(said(read_models(b'"text"'))) == 1


def test_the_key_of_a_server_that_listens_openly_is_kept() -> None:
    assert read_settings(b"{}", listening="0.0.0.0").value is None
    assert read_settings(b'{"api_key": "k"}', listening="0.0.0.0").value == Settings(api_key="k")
