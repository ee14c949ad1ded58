"""A new version is tried before anything is changed: unpacked beside, started, asked whether it serves.

It runs with the packages that are installed here, its own files going first, and with a home of its own.
"""

import socket
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Final

import httpx2

from lmarena_bridge.cli.update.environment import NAME, Environment, last_words, surroundings
from lmarena_bridge.core.releases.errors import NotInstalled
from lmarena_bridge.core.releases.version import Version

_SERVES_WITHIN: Final = 30.0
_LOOK_EVERY: Final = 0.1
_ENDS_WITHIN: Final = 10.0


class PackagesMissing(NotInstalled):
    """The new version needs packages, or versions of them, that are not installed here."""

    code = "packages_missing"


def try_out(environment: Environment, wheel: Path, version: Version, folder: Path) -> None:
    """Return if the version starts and serves. Raises NotInstalled; `folder` is for what the trial leaves."""
    packages, home = folder / "packages", folder / "home"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)  # its hash was signed; names that lead out of the folder are cut
    if missing := _missing(environment, packages, folder):
        raise PackagesMissing(f"Version {version} needs what is not installed here: {missing}")
    said = environment.version(packages=packages, folder=folder)
    if said != str(version):
        raise NotInstalled(f"The file of version {version} holds version {said}.")
    _serves(environment, packages, home, folder)


def _missing(environment: Environment, packages: Path, folder: Path) -> str:
    """What pip says of the new version's needs; of those of other packages nothing."""
    ran = environment.run("-m", "pip", "--isolated", "check", first=packages, folder=folder)
    lines = [line for line in ran.stdout.splitlines() if line.startswith(f"{NAME} ")]
    return last_words(" ".join(lines)) if lines else ""


def _serves(environment: Environment, packages: Path, home: Path, folder: Path) -> None:
    log, port = folder / "trial.log", _free_port()
    command = [str(environment.python), "-P", "-m", "lmarena_bridge", "serve"]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [*command, "--home", str(home), "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=surroundings(packages),
        )
        try:
            serves = _answers(process, f"http://127.0.0.1:{port}/healthz")
        finally:
            _end(process)
    if not serves:
        raise NotInstalled(
            f"It does not serve: {last_words(log.read_text(encoding='utf-8', errors='replace'))}"
        )


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + _SERVES_WITHIN
    with httpx2.Client(trust_env=False, timeout=_LOOK_EVERY * 20) as client:
        while process.poll() is None and time.monotonic() < until:
            try:
                if client.get(address).status_code == 200:
                    return True
            except httpx2.TransportError:
                time.sleep(_LOOK_EVERY)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
