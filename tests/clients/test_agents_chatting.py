"""Programs that edit files and run commands, just talked to: each set up as the page says."""

from pathlib import Path

import pytest

from support.installed import Ran, place, run, run_shell
from support.set_ups import Place, set_up

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="session")]

# What aider shall write, in its own notation; demo-chat says what it is told to say.
EDIT = """Say: hello.py
```
<<<<<<< SEARCH
=======
print("hi")
>>>>>>> REPLACE
```
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def scratch(home: Path) -> Path:
    """A folder to work in."""
    folder = home / "work"
    folder.mkdir()
    return folder


async def test_case_59_opencode(locked: Place, tmp_path: Path) -> None:
    write(tmp_path / ".config" / "opencode" / "opencode.json", set_up("json", "opencode").at(locked))
    # On other systems the package has the same program in a folder of another name.
    programs = place("opencode", "node_modules", "opencode-linux-x64", "bin")
    ran = await run_shell(
        set_up("sh", "opencode").at(locked), programs, home=tmp_path, folder=scratch(tmp_path)
    )
    assert ran.code == 0, ran.err
    assert "Hello!" in ran.out


async def test_case_59_pi(locked: Place, tmp_path: Path) -> None:
    write(tmp_path / ".pi" / "agent" / "models.json", set_up("json", "pi").at(locked))
    programs = place("pi", "node_modules", ".bin")
    ran = await run_shell(set_up("sh", "pi").at(locked), programs, home=tmp_path, folder=scratch(tmp_path))
    assert ran.code == 0, ran.err
    assert "Hello!" in ran.out


async def test_case_59_cline(locked: Place, tmp_path: Path) -> None:
    programs = place("cline", "node_modules", "@cline", "cli-linux-x64", "bin")
    ran = await run_shell(set_up("sh", "cline").at(locked), programs, home=tmp_path, folder=scratch(tmp_path))
    assert ran.code == 0, ran.err
    assert "Hello!" in ran.out


async def test_case_59_aider_edits_a_file(locked: Place, tmp_path: Path) -> None:
    write(tmp_path / ".aider.conf.yml", set_up("yaml", "aider").at(locked))
    folder = scratch(tmp_path)
    ran = await aider(tmp_path, folder, "--message", EDIT)
    assert ran.code == 0, ran.out + ran.err
    assert (folder / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'


async def aider(home: Path, folder: Path, *more: str) -> Ran:
    """Without questions, and without a look at the web."""
    quiet = ("--yes-always", "--no-git", "--no-check-update", "--analytics-disable", "--no-pretty")
    environment = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    program = place("aider", "bin", "aider")
    return await run(program, *quiet, *more, home=home, folder=folder, environment=environment)
