"""Programs that edit files and run commands, set up as the page says: they talk, and write a file."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from support.installed import Ran, place, run, run_shell
from support.set_ups import Place, set_up

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

TASK: Final = "Create hello.py that prints hi"


@dataclass(frozen=True)
class Agent:
    """A program. `program`: the folder it is in; `file`: where the page says that its settings go."""

    name: str
    program: tuple[str, ...]
    language: str = ""
    file: str = ""


AGENTS: Final = (
    Agent("cline", ("node_modules", "@cline", "cli-linux-x64", "bin")),
    Agent(
        "opencode",
        ("node_modules", "opencode-linux-x64", "bin"),
        "json",
        ".config/opencode/opencode.json",
    ),
    Agent("pi", ("node_modules", ".bin"), "json", ".pi/agent/models.json"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who has done what the page says about files, and stands in an empty folder."""

    agent: Agent
    bridge: Place
    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "work"

    async def asks(self, text: str = "") -> Ran:
        """Do what the page says about commands; `text` instead of the greeting that stands there."""
        commands = set_up("sh", self.agent.name).at(self.bridge)
        if text:
            commands = re.sub(r'"Hello[^"]*"', f'"{text}"', commands)
        programs = place(self.agent.name, *self.agent.program)
        ran = await run_shell(commands, programs, home=self.home, folder=self.folder)
        assert ran.code == 0, ran.out + ran.err
        return ran


def at_home(agent: Agent, bridge: Place, home: Path) -> Person:
    if agent.file:
        write(home / agent.file, set_up(agent.language, agent.name).at(bridge))
    (home / "work").mkdir()
    return Person(agent, bridge, home)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.name)
async def test_case_59_an_agent_talks(locked: Place, tmp_path: Path, agent: Agent) -> None:
    assert "Hello!" in (await at_home(agent, locked, tmp_path).asks()).out


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.name)
async def test_case_59_an_agent_writes_a_file(locked: Place, tmp_path: Path, agent: Agent) -> None:
    person = at_home(agent, replace(locked, model="demo-tools"), tmp_path)
    assert "Done: hello.py is written." in (await person.asks(TASK)).out
    assert (person.folder / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'


@pytest.mark.parametrize("api", ["openai-responses", "anthropic-messages"])
async def test_case_59_pi_over_its_other_apis(locked: Place, tmp_path: Path, api: str) -> None:
    person = at_home(AGENTS[-1], replace(locked, model="demo-tools"), tmp_path)
    settings = person.home / AGENTS[-1].file
    text = settings.read_text(encoding="utf-8").replace("openai-completions", api)
    if api == "anthropic-messages":
        text = text.replace(f"{locked.server}/v1", locked.server)
    settings.write_text(text, encoding="utf-8")
    assert "Done: hello.py is written." in (await person.asks(TASK)).out
    assert (person.folder / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'


# What aider shall write, in its own notation; demo-chat says what it is told to say.
EDIT: Final = """Say: hello.py
```
<<<<<<< SEARCH
=======
print("hi")
>>>>>>> REPLACE
```
"""


async def test_case_59_aider_writes_a_file_without_any_tools(locked: Place, tmp_path: Path) -> None:
    write(tmp_path / ".aider.conf.yml", set_up("yaml", "aider").at(locked))
    quiet = ("--yes-always", "--no-git", "--no-check-update", "--analytics-disable", "--no-pretty")
    ran = await run(
        *(place("aider", "bin", "aider"), *quiet, "--message", EDIT),
        home=tmp_path,
        environment={"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    )
    assert ran.code == 0, ran.out + ran.err
    assert (tmp_path / "hello.py").read_text(encoding="utf-8") == 'print("hi")\n'
