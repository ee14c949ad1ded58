"""Codex in a scratch folder, set up as the page says (case 55): it talks, and writes a file by a command."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.installed import Ran, place, run_shell
from support.set_ups import Place, set_up

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="session")]


async def asked(bridge: Place, home: Path, text: str, *options: str) -> Ran:
    """What the page says, with `text` instead of the greeting that stands there."""
    settings = home / ".codex" / "config.toml"
    settings.parent.mkdir()
    settings.write_text(set_up("toml", "codex").at(bridge), encoding="utf-8")
    (home / "work").mkdir()
    block = set_up("sh", "codex").at(bridge).replace('"Hello!"', " ".join((*options, f'"{text}"')))
    programs = place("codex", "node_modules", ".bin")
    ran = await run_shell(block, programs, home=home, folder=home / "work")
    assert ran.code == 0, ran.out + ran.err
    return ran


async def test_case_55_it_talks(locked: Place, tmp_path: Path) -> None:
    # "Hello again!": what Codex tells about the place it runs in comes as a message of the user's, too.
    assert "Hello" in (await asked(locked, tmp_path, "Hello!")).out


async def test_case_55_it_runs_a_command(locked: Place, tmp_path: Path) -> None:
    helper = replace(locked, model="demo-tools")
    # Its sandbox needs rights that tests do not have; the folder is a scratch one.
    unguarded = "--dangerously-bypass-approvals-and-sandbox"
    ran = await asked(helper, tmp_path, "Create hello.py that prints hi", unguarded)
    assert "Done: hello.py is written." in ran.out
    assert (tmp_path / "work" / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'
