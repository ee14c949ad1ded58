"""The Python environment that the program is installed in: what is there of it, and who installs into it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from typing import Final

from lmarena_bridge.core.releases.errors import NotInstalled

NAME: Final = "lmarena-bridge"

# A cold start on a slow disk, under a virus scanner. In seconds.
_VERSION_SECONDS: Final = 20.0
_MOST_SAID: Final = 600


@dataclass(frozen=True, slots=True)
class Environment:
    """`python`: its interpreter. `packages`: where the program's own package lies in it."""

    python: Path
    packages: Path

    def installed(self) -> Distribution:
        """The program as it is installed now. Raises NotInstalled."""
        for found in distributions(name=NAME, path=[str(self.packages)]):
            return found
        raise NotInstalled(f"{NAME} is not installed in {self.packages}.")

    @property
    def is_working_copy(self) -> bool:
        """Whether the program runs from its sources, which no installer must replace."""
        told = json.loads(self.installed().read_text("direct_url.json") or "{}")
        return bool(told.get("dir_info", {}).get("editable"))

    @property
    def has_pip(self) -> bool:
        return self.run("-m", "pip", "--version", seconds=_VERSION_SECONDS).returncode == 0

    def version(self, *, packages: Path | None = None, folder: Path | None = None) -> str:
        """What the program says of itself, started anew; `packages` go before what is installed.

        Raises NotInstalled if it does not start.
        """
        ran = self.run("-m", "lmarena_bridge", "--version", first=packages, folder=folder)
        name, _, version = ran.stdout.strip().rpartition(" ")
        if ran.returncode != 0 or name != NAME:
            raise NotInstalled(f"It does not start: {last_words(ran.stderr or ran.stdout)}")
        return version

    def run(
        self,
        *arguments: str,
        seconds: float = _VERSION_SECONDS,
        first: Path | None = None,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run its Python to the end; one that hangs is ended and has failed."""
        command = [str(self.python), "-P", *arguments]  # -P: not what lies in the current directory
        try:
            return subprocess.run(  # noqa: S603 - our own interpreter
                command,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=seconds,
                cwd=folder,
                env=surroundings(first),
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            return subprocess.CompletedProcess(command, -1, "", str(error))


def this_environment() -> Environment:
    """The one that this very program runs in."""
    return Environment(Path(sys.executable), Path(str(distribution(NAME).locate_file(""))))


def surroundings(first: Path | None) -> Mapping[str, str]:
    """The variables of this process, but none that changes which program is started, or with which home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LMARENA_"))}
    path = {"PYTHONPATH": str(first), "PYTHONDONTWRITEBYTECODE": "1"} if first else {}
    return {**kept, **path, "PYTHONIOENCODING": "utf-8"}


def last_words(said: str) -> str:
    """The end of what a program said, where the reason mostly is, on one line."""
    return " ".join(said.split())[-_MOST_SAID:] or "it said nothing"
