"""Make `.venv` and install one lock file and the package itself into it: `python -m scripts.environment dev`.

Runs on any Python 3 that a machine brings, so that an old one gets a sentence and not a traceback.
"""

import importlib.util
import subprocess
import sys
import venv
from pathlib import Path

from scripts import debian

NEEDED = (3, 11)
HOME = Path(".venv")
BIN = HOME / ("Scripts" if sys.platform == "win32" else "bin")


def main(lock: str) -> None:
    if not (BIN / "pip").exists() and not (BIN / "pip.exe").exists():
        create()
    print(f"Installing requirements/{lock}.txt into {HOME} ...", flush=True)
    pip("install", "--require-hashes", "-r", "requirements/build.txt", "-r", f"requirements/{lock}.txt")
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    pip("check")  # a dependency that was added to pyproject.toml without `make lock` ends here
    (HOME / f".{lock}").touch()


def create() -> None:
    found = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info[:2] < NEEDED:
        sys.exit(f"This is Python {found}; 3.11 or newer is needed: make PYTHON=python3.12 …")
    if importlib.util.find_spec("ensurepip") is None and not (
        debian.can_install() and debian.install(f"python{found}-venv")
    ):
        sys.exit(f"This Python cannot make virtual environments: sudo apt install python{found}-venv")
    venv.create(HOME, with_pip=True, clear=True)


def pip(*arguments: str) -> None:
    """Run the environment's pip, quietly; its own message is the best one when it fails."""
    command = [str(BIN / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*command, *arguments]).returncode != 0:
        sys.exit(f"pip {arguments[0]} failed (see above).")


if __name__ == "__main__":
    main(sys.argv[1])
