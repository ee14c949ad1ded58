"""`models list`: in a pipe, as JSON, on a terminal."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.storage.available_models import available_models_path, write_available_models
from lmarena_bridge.storage.home import Home, prepare_home
from support.command import Done, command
from support.terminal import terminal

CHAT, PAINTER = "019ade00-0001-7a00-8a00-000000000001", "019ade00-0001-7a00-8a00-000000000004"

# Names of the person: the same, another one, two for one model, one whose id is gone, one without an id.
MAPPED = {
    "demo-chat": CHAT,
    "my painter": f"{PAINTER}:image",
    "draw": f"{PAINTER}:image",
    "old": "0f0e:music",
    "whatever": "null",
    "demo-thinker": "null",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = prepare_home(tmp_path / "home")
    write_available_models(home, arena_objects())
    home.models.write_text(json.dumps(MAPPED), encoding="utf-8")
    return home


def listed(home: Home, *options: str) -> Done:
    return command("models", "list", "--home", str(home.path), *options)


def names(home: Home, *options: str) -> list[str]:
    done = listed(home, *options)
    assert done.code == 0
    return [line.split("\t")[0] for line in done.out.splitlines()]


def test_in_a_pipe_each_model_is_a_line_of_fields(home: Home) -> None:
    done = listed(home)
    assert (done.code, done.err) == (0, "")
    lines = [line.split("\t") for line in done.out.splitlines()]
    assert {len(line) for line in lines} == {6}
    by_name = {line[0]: line[1:] for line in lines}
    assert by_name["demo-chat"] == ["text", "practice-arena", "demo-chat", CHAT, ""]
    assert by_name["demo-painter"] == ["image", "practice-arena", "my painter, draw", PAINTER, ""]
    assert by_name["stealth-{otter}"][:3] == ["text", "", ""]
    assert by_name["old"] == ["music", "", "old", "0f0e", "gone from the site"]
    assert by_name["whatever"] == ["text", "", "whatever", "", ""]
    assert by_name["demo-thinker"][2] == "demo-thinker"


def test_models_stand_by_type_and_name_and_those_of_one_name_apart(home: Home) -> None:
    assert names(home) == [
        "demo-chat",
        "demo-duel-a",
        "demo-duel-b",
        "demo-left",
        "demo-right",
        "demo-thinker",
        'quoted "model" ]}[{ \\ 🦦 zażółć',
        "stealth-{otter}",
        "whatever",
        "demo-search",
        "demo-painter",
        "demo-video-image",
        "demo-video-text",
        "old",
    ]


def test_filters_choose_and_can_be_joined(home: Home) -> None:
    assert names(home, "DUEL") == ["demo-duel-a", "demo-duel-b"]
    assert names(home, "draw") == ["demo-painter"]
    assert names(home, "--type", "Video") == ["demo-video-image", "demo-video-text"]
    assert names(home, "--type", "chat", "--mapped") == ["demo-chat", "demo-thinker", "whatever"]
    assert names(home, "--organization", "Practice-Arena", "--mapped") == [
        "demo-chat",
        "demo-thinker",
        "demo-painter",
    ]
    assert names(home, "--unmapped", "--type", "search") == ["demo-search"]
    assert names(home, "no such model") == []


def test_json_has_everything(home: Home) -> None:
    rows = {row["name"]: row for row in json.loads(listed(home, "--json").out)}
    assert rows["demo-painter"] == {
        "name": "demo-painter",
        "id": PAINTER,
        "type": "image",
        "organization": "practice-arena",
        "inputs": ["text", "image"],
        "mapped_as": ["my painter", "draw"],
        "on_site": True,
    }
    assert (rows["old"]["on_site"], rows["whatever"]["on_site"]) == (False, None)
    assert json.loads(listed(home, "--json", "nothing").out) == []


def test_before_the_site_was_read_the_persons_own_models_are_listed(home: Home) -> None:
    available_models_path(home).unlink()
    rows = json.loads(listed(home, "--json").out)
    assert {row["name"] for row in rows} == set(MAPPED)
    assert {row["on_site"] for row in rows} == {None}


def test_a_home_that_is_not_there_has_no_models_and_is_not_made(tmp_path: Path) -> None:
    assert listed(Home(tmp_path / "none"), "--json").out == "[]\n"
    assert not (tmp_path / "none").exists()


def test_a_broken_file_is_told(home: Home) -> None:
    home.models.write_text('{"a": 1}', encoding="utf-8")
    assert "models.json, line 1, column 7" in listed(home).err
    home.models.unlink()
    home.models.mkdir()
    assert "cannot be read" in listed(home).err
    available_models_path(home).write_text("", encoding="utf-8")
    done = listed(home)
    assert done.code == 1
    assert "is damaged" in done.err


def test_what_the_site_calls_a_model_cannot_command_the_terminal(home: Home) -> None:
    write_available_models(home, [{"id": "1", "publicName": "evil\x1b]0;title\x07\u202e\n[bold]x[/bold]"}])
    assert names(home, "evil") == ["evil\ufffd]0;title\ufffd\ufffd\ufffd[bold]x[/bold]"]


async def in_terminal(home: Home, *options: str, columns: int = 100) -> tuple[str, str]:
    async with terminal("models", "list", "--home", str(home.path), *options, columns=columns) as shown:
        assert await shown.ends() == 0
    return shown.text, shown.raw


async def test_on_a_terminal_it_is_a_table(home: Home) -> None:
    written = datetime(2026, 11, 22, 14, 3).timestamp()
    os.utime(available_models_path(home), (written, written))
    text, raw = await in_terminal(home)
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[1].split() == ["model", "type", "organization", "mapped", "as"]
    place = lines[1].index("type")
    # The otter is one character and takes the place of two.
    types = [line.replace("🦦", "xx")[place:].split()[0] for line in lines[3:17]]
    assert types == 9 * ["text"] + ["search", "image", "video", "video", "music"]
    assert next(line for line in lines if "demo-chat" in line).endswith("✓")
    assert next(line for line in lines if "demo-painter" in line).endswith("my painter, draw")
    assert next(line for line in lines if line.startswith(" old")).endswith("gone from the site")
    assert "14 models, 5 mapped. The site was read 2026-11-22 14:03." in lines
    assert "1 gone from the site:" in lines
    assert "lmarena-bridge models remove NAME" in lines[-1]
    assert "\x1b[31mgone from the site" in raw


async def test_on_a_narrow_terminal_nothing_is_lost(home: Home) -> None:
    text, _ = await in_terminal(home, "--type", "image", columns=40)
    assert all(len(line) <= 40 for line in text.splitlines()[:8])
    squeezed = "".join(text.split())
    assert "demo-pa" in squeezed


async def test_below_the_table_is_what_to_do_next(home: Home) -> None:
    home.models.write_text("{}", encoding="utf-8")
    text, _ = await in_terminal(home, "duel")
    assert "2 of 12 models, 0 mapped." in text
    assert "lmarena-bridge models add NAME…" in text
    available_models_path(home).unlink()
    text, _ = await in_terminal(home)
    assert text.strip() == "Which models the site has is not known yet: lmarena-bridge models update"


def test_in_a_pipe_the_advice_goes_to_the_person_and_not_into_the_pipe(home: Home) -> None:
    available_models_path(home).unlink()
    home.models.write_text("{}", encoding="utf-8")
    done = listed(home)
    assert (done.code, done.out) == (0, "")
    assert "lmarena-bridge models update" in done.err
