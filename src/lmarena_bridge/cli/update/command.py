"""The command itself: look, tell, ask, download, try, and only then change what is installed."""

import tempfile
from enum import IntEnum
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.padding import Padding
from rich.status import Status
from rich.text import Text

from lmarena_bridge.cli.board_parts import release_index
from lmarena_bridge.cli.commands_from_here import command_for
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.terminal import is_terminal, terminal
from lmarena_bridge.cli.update.environment import NAME, Environment, this_environment
from lmarena_bridge.cli.update.switch import go_back, switch
from lmarena_bridge.cli.update.trial import PackagesMissing, try_out
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.releases.errors import NotInstalled
from lmarena_bridge.core.releases.manifest import Release
from lmarena_bridge.core.releases.version import running
from lmarena_bridge.outbound.releases import ReleaseIndex
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import Home, prepare_home
from lmarena_bridge.storage.running import find_running

_BY_HAND: Final = (
    "Update with what you installed it with: pip install --upgrade, pipx upgrade or uv tool upgrade; a "
    "working copy with git pull."
)
_NO_SOURCE: Final = (
    f"No place is set where releases are announced, so nobody was asked for a newer one. {_BY_HAND} Or set "
    "update_url and update_public_key in config.jsonc (docs/updates.md)."
)
_NO_KEY: Final = (
    "update_url is set, but no update_public_key: nobody could tell whose releases these are, so nobody was "
    "asked. Get the publisher's key and enter it in config.jsonc."
)


class Outcome(IntEnum):
    """The command's exit codes."""

    UP_TO_DATE = 0  # also after installing
    NOT_LOOKED = 1  # no source; errors leave with 1, too
    NEWER = 3  # and it was not installed


def update(path: Path, *, check: bool, yes: bool) -> Outcome:
    """Look for a newer version; install it if told to. Raises NotReached, NotTrusted, NotInstalled."""
    console, home = terminal(), prepare_home(path)
    settings, current = ConfigStore(home).current().settings, version_of(NAME)
    console.print(Text.assemble((f"LMArena Bridge {current}", "bold"), " is installed."))
    if not settings.update_url or not settings.update_public_key:
        console.print(Text(_NO_KEY if settings.update_url else _NO_SOURCE))
        return Outcome.NOT_LOOKED
    index = release_index(settings.update_url, settings.update_public_key)
    release = _newest(index, settings)
    if release.version <= running(current):
        console.print(Text("There is no newer version.", "green"))
        return Outcome.UP_TO_DATE
    _show(console, release)
    environment = this_environment()
    if not check:
        _refuse_unfit(environment, home)
    if check or not (yes or _agreed()):
        console.print(Text(f"To install it: {command_for('update', home)}"))
        return Outcome.NEWER
    _install(console, environment, home, index, release)
    return Outcome.UP_TO_DATE


def _agreed() -> bool:
    return is_terminal() and click.confirm("Install it now?", default=False)


def _newest(index: ReleaseIndex, settings: Settings) -> Release:
    found: list[Release] = []

    async def look() -> None:
        found.append(await index.newest())

    with Status(f"Looking at {settings.update_url} …", console=terminal(stderr=True)):
        run(look())
    return found[0]


def _show(console: Console, release: Release) -> None:
    console.print(Text.assemble(("Version ", "bold"), (str(release.version), "bold green"), " is there."))
    if release.notes:
        console.print(Padding(Text(release.notes), (1, 4)))


def _install(
    console: Console, environment: Environment, home: Home, index: ReleaseIndex, release: Release
) -> None:
    kept = home.state / "updates"
    try:
        with (
            Status("", console=terminal(stderr=True)) as status,
            tempfile.TemporaryDirectory(prefix="lmarena-bridge-update-") as folder,
        ):
            status.update("Downloading it, and comparing it with what was signed …")
            wheel = _kept(kept, _downloaded(index, release, Path(folder)))
            if not environment.has_pip:
                raise NotInstalled(_without_pip(environment, wheel))
            status.update("Trying whether it starts and serves …")
            _try_out(environment, wheel, release, Path(folder))
            status.update("Installing it …")
            old = switch(environment, wheel, str(release.version), kept)
            _forget_others(kept, wheel, old)
    except OSError as error:
        raise NotInstalled(f"It was not installed ({error}); version {version_of(NAME)} stays.") from error
    console.print(Text(f"LMArena Bridge {release.version} is installed.", "green"))
    console.print(Text(f"Start it: {command_for('serve', home)}"))
    console.print(Text(f"Back to the version before: {go_back(environment, old)}", "dim"))


def _refuse_unfit(environment: Environment, home: Home) -> None:
    if environment.is_working_copy:
        raise NotInstalled("This is a working copy: update it with git pull.")
    if (server := find_running(home)) is not None:
        raise NotInstalled(
            f"The server runs (process {server.pid}), and must not change under way: stop it with Ctrl-C, "
            "then try again."
        )


def _downloaded(index: ReleaseIndex, release: Release, folder: Path) -> Path:
    async def download() -> None:
        await index.download(release, folder)

    run(download())
    return folder / release.file


def _kept(folder: Path, wheel: Path) -> Path:
    """The verified file where it stays."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / wheel.name
    target.write_bytes(wheel.read_bytes())
    return target


def _forget_others(folder: Path, *kept: Path) -> None:
    """What earlier updates have left: only this version and the one before are of use."""
    for file in folder.glob("*.whl"):
        if file not in kept:
            file.unlink()


def _try_out(environment: Environment, wheel: Path, release: Release, folder: Path) -> None:
    try:
        try_out(environment, wheel, release.version, folder)
    except PackagesMissing as error:
        raise PackagesMissing(
            f"{error.message} They come from a package index, which this command does not ask. Nothing was "
            "changed. The release itself is verified; to install both: "
            f'"{environment.python}" -m pip install "{wheel}"'
        ) from error
    except NotInstalled as error:
        raise NotInstalled(f"{error.message} Nothing was changed.") from error


def _without_pip(environment: Environment, wheel: Path) -> str:
    return (
        "There is no pip in this environment (as with uv). The release is verified; install it with: uv pip "
        f'install --python "{environment.python}" "{wheel}"'
    )
