"""`models remove`: out of models.json, and nothing else."""

import json
from pathlib import Path

import pytest

from lmarena_bridge.storage.home import Home, prepare_home
from support.command import Done, command
from support.terminal import terminal

TEXT = '{\n  // the best\n  "gpt-5": "1",\n  "claude": "2:image", // draws\n  "old": "3"\n}\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = prepare_home(tmp_path / "home")
    home.models.write_text(TEXT, encoding="utf-8")
    return home


def remove(home: Home, *names: str) -> Done:
    return command("models", "remove", "--home", str(home.path), *names)


def test_models_are_taken_out_and_the_rest_stays(home: Home) -> None:
    done = remove(home, "old", "gpt-5", "old")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == ["  - old", "  - gpt-5", "models.json: 2 removed, 1 left."]
    assert '"claude": "2:image"' in home.models.read_text(encoding="utf-8")
    assert "gpt-5" not in home.models.read_text(encoding="utf-8")


def test_unknown_names_are_told_and_then_nothing_is_taken_out(home: Home) -> None:
    done = remove(home, "old", "gpt5", "zzzz")
    assert done.code == 1
    assert "models.json has no model 'gpt5'. Did you mean 'gpt-5'?" in done.err
    assert "models.json has no model 'zzzz'.\n" in done.err
    assert home.models.read_text(encoding="utf-8") == TEXT


def test_a_model_that_is_served_still_is_told(home: Home) -> None:
    home.sessions.write_text(json.dumps({"old": {"session_id": "1", "message_id": "2"}}), encoding="utf-8")
    done = remove(home, "old", "claude")
    assert done.out.endswith("Still served, because model_endpoint_map.json has sessions: old.\n")


def test_without_a_file_of_sessions_there_are_none(home: Home) -> None:
    home.sessions.unlink()
    assert remove(home, "old").out.endswith("models.json: 1 removed, 2 left.\n")


def test_without_a_name_the_usage_is_shown(home: Home) -> None:
    assert remove(home).code == 2


async def test_on_a_terminal_it_has_colours(home: Home) -> None:
    async with terminal("models", "remove", "old", "--home", str(home.path)) as shown:
        assert await shown.ends() == 0
    assert "\x1b[31mold" in shown.raw
    assert "models.json: 1 removed, 2 left." in shown.text
