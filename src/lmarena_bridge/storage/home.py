"""The directory that holds everything of one person: found by the documented order, created when missing."""

import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from lmarena_bridge.core.config.default_files import models_text, sessions_text, settings_text
from lmarena_bridge.core.config.files import MODELS_FILE, SESSIONS_FILE, SETTINGS_FILE
from lmarena_bridge.core.config.schema import SCHEMA_PLACE, schema_text
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage import atomic

ENVIRONMENT: Final = "LMARENA_BRIDGE_HOME"

_PRIVATE_DIRECTORY: Final = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """Where each file is. Says nothing about whether it is there."""

    path: Path

    @property
    def settings(self) -> Path:
        return self.path / SETTINGS_FILE

    @property
    def models(self) -> Path:
        return self.path / MODELS_FILE

    @property
    def sessions(self) -> Path:
        return self.path / SESSIONS_FILE

    @property
    def state(self) -> Path:
        """What the program keeps for itself."""
        return self.path / "state"

    @property
    def uploads(self) -> Path:
        """The files of the file bed, if they are kept on this computer."""
        return self.state / "uploads"

    @property
    def schema(self) -> Path:
        """What config.jsonc names as its "$schema"."""
        return self.path / SCHEMA_PLACE


def find_home(option: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """`--home`, else $LMARENA_BRIDGE_HOME, else `cwd` if it holds config.jsonc, else the person's own place.

    Creates nothing.
    """
    named = option or environ.get(ENVIRONMENT, "").strip()
    if named:
        return cwd / Path(named).expanduser()
    if (cwd / SETTINGS_FILE).is_file():
        return cwd
    return platformdirs.user_config_path("lmarena-bridge", appauthor=False)


def prepare_home(path: Path) -> Home:
    """Create what is missing and touch nothing of the person's that is there.

    The schema for editors is the program's own, and always that of this version. Raises ConfigError if the
    directory cannot be used.
    """
    home = Home(path)
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        _make_private(home.state)
        _create(home.settings, settings_text())
        _create(home.models, models_text())
        _create(home.sessions, sessions_text())
        _renew(home.schema, schema_text().encode("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"the home directory {path} cannot be used ({error.strerror or error}): "
            "make it writable, or choose another with --home"
        ) from error
    return home


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
    if sys.platform != "win32" and stat.S_IMODE(directory.stat().st_mode) != _PRIVATE_DIRECTORY:
        directory.chmod(_PRIVATE_DIRECTORY)


def _create(path: Path, text: str) -> None:
    if not path.exists():
        atomic.create(path, text.encode("utf-8"))


def _renew(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        atomic.write(path, data)
