"""What the command says where there is nothing to install, in our own environment: a working copy."""

import json
from pathlib import Path

from support.command import Done, command_beside
from support.free_port import free_port
from support.releases import publisher


async def update(home: Path, *options: str) -> Done:
    return await command_beside("update", "--home", str(home), *options)


def settings(home: Path, **settings: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")


async def test_without_a_place_to_look_it_says_how_one_updates(tmp_path: Path) -> None:
    done = await update(tmp_path)
    assert (done.code, done.err) == (1, "")
    assert "nobody was asked" in done.out
    assert "pip install --upgrade" in done.out


async def test_without_a_key_nobody_is_asked(tmp_path: Path) -> None:
    async with publisher() as here:
        settings(tmp_path / "home", update_url=here.url)
        done = await update(tmp_path / "home")
        assert done.code == 1
        assert "no update_public_key" in done.out
        assert here.asked == []


async def test_a_newer_one_is_shown_and_a_working_copy_left_as_it_is(tmp_path: Path) -> None:
    async with publisher() as here:
        here.publishes("9.0.0", notes="[bold]Markup[/bold] and \x1b[31mred")
        settings(tmp_path / "home", **here.settings)
        done = await update(tmp_path / "home", "--check")
        assert done.code == 3
        assert "Version 9.0.0 is there." in done.out
        assert "[bold]Markup[/bold] and [31mred" in done.out
        done = await update(tmp_path / "home", "--yes")
        assert (done.code, "git pull" in done.err) == (1, True)
        assert set(here.asked) == {"/manifest.json"}


async def test_what_is_as_new_is_enough(tmp_path: Path) -> None:
    async with publisher() as here:
        here.publishes("0.1.0")
        settings(tmp_path / "home", **here.settings)
        done = await update(tmp_path / "home")
        assert (done.code, "no newer version" in done.out) == (0, True)


async def test_who_cannot_be_reached_is_told_in_a_line(tmp_path: Path) -> None:
    async with publisher() as here:
        settings(tmp_path / "home", **{**here.settings, "update_url": f"http://127.0.0.1:{free_port()}/"})
    done = await update(tmp_path / "home")
    assert done.code == 1
    assert done.err.strip().startswith("Error: 127.0.0.1 cannot be reached")
    assert "Traceback" not in done.err
