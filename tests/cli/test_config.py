import io
from pathlib import Path

import pytest
from rich.console import Console

from lmarena_bridge.cli.config import check
from lmarena_bridge.storage.home import Home, prepare_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def checked(home: Home) -> tuple[bool, list[str]]:
    """Whether the files are good, and the lines printed, without their home and without blank ones."""
    stream = io.StringIO()
    good = check(home.path, Console(file=stream, width=40, highlight=False))
    first, *rest = stream.getvalue().splitlines()
    assert first == str(home.path)
    return good, [line for line in rest if line]


def test_a_new_home_is_good(home: Home) -> None:
    assert checked(home) == (
        True,
        [
            "  config.jsonc             ok       everything at its default",
            "  models.json              ok       no models yet",
            "  model_endpoint_map.json  ok       no sessions; every model uses session_id and message_id "
            "of config.jsonc",
            "Nothing is wrong.",
        ],
    )


def test_what_the_files_say_is_summed_up_without_secrets(home: Home) -> None:
    home.settings.write_text('{"api_key": "canary", "port": 5103}', encoding="utf-8")
    home.models.write_text('{"a": "1", "b": "2:image", "c": "3"}', encoding="utf-8")
    home.sessions.write_text('{"a": {"session_id": "s", "message_id": "m"}}', encoding="utf-8")
    good, lines = checked(home)
    assert good
    assert lines[:3] == [
        "  config.jsonc             ok       changed: api_key, port",
        "  models.json              ok       3 models: 2 text, 1 image",
        "  model_endpoint_map.json  ok       1 session for 1 model",
    ]
    assert "canary" not in "".join(lines)


def test_a_warning_is_shown_and_the_files_stay_good(home: Home) -> None:
    home.settings.write_text('{\n  "prot": 5103\n}', encoding="utf-8")
    good, lines = checked(home)
    assert good
    assert lines[0] == "  config.jsonc             warning  everything at its default"
    assert lines[3:] == [
        "  warning  config.jsonc, line 2, column 3",
        '           there is no setting "prot"; did you mean "port"?',
        "1 warning.",
    ]


def test_all_mistakes_are_shown_with_their_places(home: Home) -> None:
    home.settings.write_text('{"port": 0, "prot": 1, "host": "0.0.0.0"}', encoding="utf-8")
    home.models.write_text('{"a" "b"}', encoding="utf-8")
    good, lines = checked(home)
    assert not good
    assert [line.split()[1:2] for line in lines[:3]] == [["error"], ["error"], ["ok"]]
    assert [line.strip() for line in lines[3:-1:2]] == [
        "error    config.jsonc, line 1, column 10",
        "warning  config.jsonc, line 1, column 13",
        "error    config.jsonc, line 1, column 32",
        "error    models.json, line 1, column 6",
    ]
    assert lines[-1] == "3 errors and 1 warning."


def test_a_home_that_is_not_there_yet_is_not_wrong(tmp_path: Path) -> None:
    good, lines = checked(Home(tmp_path / "none"))
    assert good
    assert lines[0] == "  config.jsonc             missing  the next start of the server creates it"
    assert not (tmp_path / "none").exists()


def test_a_file_that_cannot_be_read_is_an_error(home: Home) -> None:
    home.models.unlink()
    home.models.mkdir()
    good, lines = checked(home)
    assert not good
    assert lines[1] == "  models.json              error    cannot be read"
    assert lines[3] == "  error    models.json"


def test_a_terminal_gets_colours(home: Home) -> None:
    stream = io.StringIO()
    assert check(home.path, Console(file=stream, force_terminal=True, color_system="standard"))
    assert "\x1b[32mok" in stream.getvalue()


def test_without_a_console_it_prints_to_the_standard_output(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(home.path)
    assert capsys.readouterr().out.startswith(str(home.path))
