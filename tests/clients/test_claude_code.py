"""Claude Code in a scratch folder, set up as the page says (case 58): it talks, writes and changes files."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.installed import Ran, place, run, run_shell
from support.set_ups import Place, set_up

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="session")]


def at_home(bridge: Place, home: Path) -> Path:
    """The folder of a person who has done what the page says about files."""
    settings = home / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(set_up("json", "claude-code").at(bridge), encoding="utf-8")
    folder = home / "work"
    folder.mkdir()
    return folder


def programs() -> Path:
    return place("claude-code", "node_modules", "@anthropic-ai", "claude-code-linux-x64")


async def asked(folder: Path, text: str) -> Ran:
    """Asked for something, allowed to edit files."""
    allowed = ("--permission-mode", "acceptEdits", "--allowedTools", "Read,Write,Edit")
    ran = await run(programs() / "claude", "-p", text, *allowed, home=folder.parent, folder=folder)
    assert ran.code == 0, ran.out + ran.err
    return ran


async def test_case_58_it_talks(locked: Place, tmp_path: Path) -> None:
    folder = at_home(locked, tmp_path)
    block = set_up("sh", "claude-code").at(locked)
    ran = await run_shell(block, programs(), home=tmp_path, folder=folder)
    assert ran.code == 0, ran.out + ran.err
    # The arena answers all that was sent: Claude Code puts a word of its own before the question.
    assert ran.out.startswith("You wrote:")


async def test_case_58_it_writes_a_file(locked: Place, tmp_path: Path) -> None:
    folder = at_home(replace(locked, model="demo-tools"), tmp_path)
    assert "Done: hello.py is written." in (await asked(folder, "Create hello.py that prints hi")).out
    assert (folder / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'


async def test_case_58_it_reads_a_file_and_changes_it(locked: Place, tmp_path: Path) -> None:
    folder = at_home(replace(locked, model="demo-tools-sloppy"), tmp_path)
    (folder / "colors.txt").write_text("The sky is red.\nGrass is green.\n", encoding="utf-8")
    await asked(folder, "Replace red with blue in colors.txt")
    assert (folder / "colors.txt").read_text(encoding="utf-8") == "The sky is blue.\nGrass is green.\n"
