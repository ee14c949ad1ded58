"""The commands that talk to a person, in a terminal: coloured there, and well-behaved at Ctrl-C."""

import re
from pathlib import Path

from lmarena_bridge.storage.home import prepare_home
from support.free_port import free_port
from support.terminal import terminal

COLOUR = re.compile(r"\x1b\[[0-9;]+m")


async def test_help_names_every_command() -> None:
    async with terminal("--help") as person:
        assert await person.ends() == 0
    for command in ("serve", "demo", "doctor", "file-bed", "update", "config", "models", "session"):
        assert re.search(rf"\b{command}\b", person.text)


async def test_the_home_and_what_is_wrong_in_it(tmp_path: Path) -> None:
    prepare_home(tmp_path)
    async with terminal("config", "path", "--home", str(tmp_path)) as person:
        assert await person.ends() == 0
    assert tmp_path.name in person.text
    async with terminal("config", "check", "--home", str(tmp_path)) as person:
        assert await person.ends() == 0
    assert COLOUR.search(person.raw)
    (tmp_path / "models.json").write_text('{"a": 1}', encoding="utf-8")
    async with terminal("config", "check", "--home", str(tmp_path)) as person:
        assert await person.ends() == 1
    assert "models.json" in person.text


async def test_serve_greets_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    async with terminal("serve", "--home", str(tmp_path / "home"), "--port", str(free_port())) as person:
        await person.until("  3. ")
        assert COLOUR.search(person.raw)
        person.interrupt()
        await person.until("Stopping")
        assert await person.ends() == 0
    assert "Traceback" not in person.text


async def test_the_demo_answers_and_the_one_that_stays_stops_at_ctrl_c() -> None:
    async with terminal("demo", "--browser", "none", "--ask", "What is 6 * 7?") as person:
        assert await person.ends() == 0
    assert "42" in person.text
    async with terminal("demo", "--browser", "none") as person:
        await person.until("Ctrl-C stops")
        person.interrupt()
        assert await person.ends() == 0
    assert "Traceback" not in person.text


async def test_the_file_bed_says_where_it_is_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    async with terminal("file-bed", "--home", str(tmp_path / "home"), "--port", str(port)) as person:
        await person.until(f":{port}")
        person.interrupt()
        assert await person.ends() == 0
    assert "Traceback" not in person.text
