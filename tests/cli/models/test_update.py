"""`models update` against a running bridge with a tab on the arena."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.storage.available_models import read_available_models, write_available_models
from lmarena_bridge.storage.home import Home, prepare_home
from support.chain import Chain, chain
from support.command import Done, command, command_beside
from support.terminal import terminal


async def update(home: Home, *options: str) -> Done:
    return await command_beside("models", "update", "--home", str(home.path), *options)


def home_of(running: Chain) -> Home:
    return running.server.services.home


def known_before(home: Home, objects: Sequence[dict[str, Any]]) -> None:
    write_available_models(home, objects)


async def test_the_first_time_it_says_how_many_and_what_comes_next(tmp_path: Path) -> None:
    async with chain(tmp_path) as running:
        done = await update(home_of(running))
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "LMArena has 12 models: 8 text, 1 search, 1 image, 2 video.",
        "Next: lmarena-bridge models list, then lmarena-bridge models add NAME…",
    ]
    assert read_available_models(home_of(running)) == arena_objects()


async def test_later_it_says_what_is_new_gone_and_changed(tmp_path: Path) -> None:
    async with chain(tmp_path) as running:
        home = home_of(running)
        before = [dict(each) for each in arena_objects()][1:]
        before[0] |= {"publicName": "demo-thinker-old"}
        known_before(home, [{"id": "was-1", "publicName": "was\x1b[31m"}, *before])
        home.models.write_text('{"mine": "was-1", "other": "null"}', encoding="utf-8")
        done = await update(home)
        again = await update(home)
    assert done.out.splitlines() == [
        "LMArena has 12 models: 8 text, 1 search, 1 image, 2 video.",
        "  + demo-chat  text",
        "  - was\ufffd[31m  text",
        "  ~ demo-thinker  name demo-thinker-old → demo-thinker",
        "Since last time: 1 new, 1 gone, 1 changed.",
        "Of your models, gone from the site: mine",
        "  to renew one that has a new id:  lmarena-bridge models add NAME",
        "  to take one out:                 lmarena-bridge models remove NAME",
        "To use a new one: lmarena-bridge models add NAME…",
    ]
    assert again.out.splitlines()[1:3] == [
        "Since last time: nothing is different.",
        "Of your models, gone from the site: mine",
    ]


async def test_programs_get_json(tmp_path: Path) -> None:
    async with chain(tmp_path) as running:
        done = await update(home_of(running), "--json")
    said = json.loads(done.out)
    assert done.err == ""
    assert said["models"] == 12
    assert {each["name"] for each in said["new"]} >= {"demo-chat", "demo-video-text", "demo-video-image"}


async def test_a_broken_models_json_is_told_after_the_update(tmp_path: Path) -> None:
    async with chain(tmp_path) as running:
        home = home_of(running)
        home.models.write_text('{"a": }', encoding="utf-8")
        done = await update(home)
    assert done.code == 0
    assert "models.json, line 1, column 7" in done.out.splitlines()[1]


async def test_what_the_server_says_is_shown_as_a_sentence(tmp_path: Path) -> None:
    async with chain(tmp_path, tab=False, settings={"tab_wait_seconds": 1}) as running:
        done = await update(home_of(running))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: ")
    assert "tab" in done.err


def test_without_a_server_it_says_how_to_start_one(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "home")
    done = command("models", "update", "--home", str(home.path))
    assert (done.code, done.out) == (1, "")
    assert f'lmarena-bridge serve --home "{home.path}"' in done.err


async def test_on_a_terminal_long_lists_are_cut_short_and_the_wait_is_shown(tmp_path: Path) -> None:
    async with chain(tmp_path) as running:
        home = home_of(running)
        known_before(home, [{"id": f"gone-{number}", "publicName": f"gone {number}"} for number in range(40)])
        async with terminal("models", "update", "--home", str(home.path)) as shown:
            assert await shown.ends() == 0
    assert "Reading the site's models" in shown.text
    assert "  - gone 29  text" in shown.text
    assert "gone 30" not in shown.text
    assert "  - … and 10 more gone" in shown.text
    assert "\x1b[32mdemo-chat" in shown.raw
