"""Programs of others, as `python -m scripts.clients` has installed them: where they are, and a run of one."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parent.parent.parent
_CLIENTS: Final = _ROOT / ".clients"
_PROGRAMS: Final = _ROOT / "tests" / "clients" / "programs"
# The Node that scripts/node.py put into .venv comes first, as in the Makefile.
_PATH: Final = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))

PATIENCE: Final = 50.0


@dataclass(frozen=True)
class Ran:
    """How a program left, and all it said."""

    code: int
    out: str
    err: str


async def run(
    *command: str | Path,
    home: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    said: str = "",
    patience: float = PATIENCE,
) -> Ran:
    """Run a program of others to its end, in `folder`, with nothing of this person's around it.

    `home`: a throw-away home directory. Whatever it has started goes with it. Raises TimeoutError.
    """
    async with started(*command, home=home, folder=folder, environment=environment) as process:
        out, err = await asyncio.wait_for(process.communicate(said.encode()), patience)
    return Ran(process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace"))


@asynccontextmanager
async def started(
    *command: str | Path,
    home: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """A program of others that runs, and at the end is killed with whatever it has started."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder or home,
        env={"PATH": _PATH, "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb", **(environment or {})},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for pid in (process.pid, *_of(home)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await process.communicate()


def _of(home: Path) -> Iterator[int]:
    """The processes that live in this home, also those that have made themselves independent (Linux)."""
    wanted = f"HOME={home}".encode()
    for file in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if wanted in file.read_bytes().split(b"\0"):
                yield int(file.parent.name)


async def run_python(client: str, code: str, home: Path, **environment: str) -> Ran:
    """Run Python code in the environment of a client."""
    python = place(client, "bin", "python")
    return await run(python, "-c", code, home=home, environment=environment)


async def run_module(client: str, code: str, home: Path, **environment: str) -> Ran:
    """Run JavaScript, a module, among the packages of a client."""
    folder = place(client, "node_modules").parent
    command = ("node", "--input-type=module", "-")
    return await run(*command, home=home, folder=folder, environment=environment, said=code)


async def run_shell(
    commands: str, *folders: Path, home: Path, folder: Path | None = None, **environment: str
) -> Ran:
    """Run lines for a shell, with the programs of these folders at hand. Ends with the first that fails."""
    path = os.pathsep.join([*map(str, folders), _PATH])
    around = {"PATH": path, **environment}
    return await run("sh", "-ec", commands, home=home, folder=folder, environment=around)


async def ask(client: str, program: str, question: object, home: Path, **environment: str) -> dict[str, Any]:
    """What a program of tests/clients/programs prints as JSON for the question on its standard input."""
    file = _PROGRAMS / program
    command = (place(client, "bin", "python"), file) if file.suffix == ".py" else ("node", file)
    environment = {"NODE_MODULES": str(_CLIENTS / client / "node_modules"), **environment}
    ran = await run(*command, home=home, environment=environment, said=json.dumps(question))
    assert ran.code == 0, ran.err[-4000:]
    said: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return said


def place(client: str, *parts: str) -> Path:
    """A file that the installation of a client has made."""
    path = _CLIENTS.joinpath(client, *parts)
    assert path.exists(), f"{path} is missing: python -m scripts.clients {client}"
    return path
