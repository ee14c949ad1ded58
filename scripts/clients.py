"""Install programs of others for tests/clients: `python -m scripts.clients libraries node-libraries codex`.

Each from its lock file into a folder of its own under `.clients`: Python's (requirements/clients-NAME.txt)
into a virtual environment, Node's (tests/clients/npm/NAME) into node_modules. What is there already and still
what the lock file says is left alone. Without a name: all of them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scripts.node import PATH

HOME: Final = Path(".clients")
UV: Final = Path(sys.executable).parent / "uv"
PYTHON: Final = tuple(
    path.stem.removeprefix("clients-") for path in sorted(Path("requirements").glob("clients-*.txt"))
)
NODE: Final = tuple(
    path.parent.name for path in sorted(Path("tests/clients/npm").glob("*/package-lock.json"))
)


def main(*names: str) -> None:
    for name in names or (*PYTHON, *NODE):
        if name in PYTHON:
            install(name, Path("requirements") / f"clients-{name}.txt", into_environment)
        elif name in NODE:
            install(name, Path("tests/clients/npm") / name / "package-lock.json", into_node_modules)
        else:
            sys.exit(f"There is no client {name!r}. There are: {', '.join((*PYTHON, *NODE))}.")


def install(name: str, lock: Path, into: Callable[[Path, Path], list[list[str]]]) -> None:
    """Run the commands that install a lock file, unless they have done so before."""
    folder, locked = HOME / name, hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / ".installed"
    if stamp.is_file() and stamp.read_text() == locked:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Installing the client {name} into {folder} ...", flush=True)
    for command in into(folder, lock):
        if subprocess.run(command, env={**os.environ, "PATH": PATH}).returncode != 0:
            sys.exit(f"The client {name} could not be installed (see above).")
    stamp.write_text(locked)


def into_environment(folder: Path, lock: Path) -> list[list[str]]:
    return [
        [str(UV), "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)],
        [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(folder), str(lock)],
    ]


def into_node_modules(folder: Path, lock: Path) -> list[list[str]]:
    for file in (lock, lock.with_name("package.json")):
        shutil.copy(file, folder)
    npm = shutil.which("npm", path=PATH) or "npm"
    # Programs of others: nothing of theirs runs at installing, and they are not looked up anywhere else.
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    return [[npm, "ci", *quiet, "--prefix", str(folder)]]


if __name__ == "__main__":
    main(*sys.argv[1:])
