"""Secrets that the program makes for itself: created once, readable by their owner alone."""

import re
import secrets
import stat
import sys
from pathlib import Path
from typing import Final, Literal

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.home import Home

# pairing_secret: what the userscript says in its hello. internal_token: what our own commands say.
# picture_names: what makes the names of kept pictures, which nobody else can make.
SecretName = Literal["pairing_secret", "internal_token", "picture_names"]

_BYTES: Final = 32
# 22 characters of this alphabet are 128 bits. It needs no escape in a script, a header or a file.
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{22,256}")


def read_or_create(home: Home, name: SecretName = "pairing_secret") -> str:
    """The secret of this home, the same for all who ask, however many at once.

    Raises ConfigError if the file is damaged or cannot be read.
    """
    path = home.state / name
    try:
        if not path.exists():
            atomic.create(path, secrets.token_urlsafe(_BYTES).encode("ascii") + b"\n")
        _close_to_others(path)
        secret = path.read_bytes().decode("ascii", errors="replace").strip()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read or created ({error.strerror or error})") from error
    if _FORM.fullmatch(secret) is None:
        raise ConfigError(f"{path} is damaged: delete it, start again and install the userscript anew")
    return secret


def renew(home: Home, name: SecretName = "pairing_secret") -> str:
    """A new secret in place of the old one. Raises ConfigError if it cannot be written."""
    path, secret = home.state / name, secrets.token_urlsafe(_BYTES)
    try:
        atomic.write(path, secret.encode("ascii") + b"\n")
        _close_to_others(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror or error})") from error
    return secret


def _close_to_others(path: Path) -> None:
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(atomic.PRIVATE)
