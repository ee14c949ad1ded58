"""One version in the place of another, or none of it: what does not start afterwards is taken back."""

from pathlib import Path
from typing import Final

from lmarena_bridge.cli.update.environment import Environment, last_words
from lmarena_bridge.cli.update.packing import pack
from lmarena_bridge.core.releases.errors import NotInstalled

_PIP_SECONDS: Final = 120.0
_BACK_SECONDS: Final = 40.0


def switch(environment: Environment, wheel: Path, version: str, kept: Path) -> Path:
    """Install the wheel; the old version is kept as a wheel in the folder `kept`, and returned.

    Raises NotInstalled, OSError; then the old version is in use, or the message says how to get it back.
    """
    installed = environment.installed()
    old, before = pack(installed, kept), installed.version
    try:
        _install(environment, wheel, _PIP_SECONDS)
        if (said := environment.version()) != version:
            raise NotInstalled(f"After it was installed, version {said} starts.")
    except BaseException as failure:  # also when the person loses patience
        _back(environment, old, before, failure)
        if isinstance(failure, NotInstalled):
            raise NotInstalled(f"{failure.message} Version {before} is in use as before.") from failure
        raise
    return old


def go_back(environment: Environment, old: Path) -> str:
    """The command that installs a kept version again."""
    return f'"{environment.python}" -m pip install --no-index --no-deps --force-reinstall "{old}"'


def _back(environment: Environment, old: Path, before: str, failure: BaseException) -> None:
    try:
        _install(environment, old, _BACK_SECONDS)
        if environment.version() == before:
            return
        reason = "another version starts."
    except NotInstalled as error:
        reason = error.message
    raise NotInstalled(
        f"The new version was not installed ({failure}), and the old one could not be put back: {reason} "
        f"By hand: {go_back(environment, old)}"
    ) from failure


def _install(environment: Environment, wheel: Path, seconds: float) -> None:
    """Without asking any index; nothing but this file is installed, and nothing of pip's settings counts."""
    options = ("--no-index", "--no-deps", "--no-input", "--disable-pip-version-check", "--force-reinstall")
    ran = environment.run(
        "-m", "pip", "--isolated", "install", *options, str(wheel), seconds=seconds, folder=wheel.parent
    )
    if ran.returncode != 0:
        raise NotInstalled(f"pip could not install it: {last_words(ran.stderr)}")
