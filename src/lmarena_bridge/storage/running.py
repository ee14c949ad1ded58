"""How the other commands find the running server: state/server.json, and a lock that ends with its process.

The lock is what counts. The operating system releases it however the server ends, so a file that a crash has
left behind is known to be stale, and nobody has to guess about process numbers.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from lmarena_bridge.core.errors import PlaceTaken
from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.home import Home

# A command that looks holds the lock for an instant; a server that starts just then waits this long, in s.
_PATIENCE: Final = 2.0
# Who listens everywhere is reached by the loopback address of the same family.
_REACHABLE: Final[Mapping[str, str]] = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}  # noqa: S104


@dataclass(frozen=True, slots=True)
class Running:
    """A server of this home. `started` is in seconds since 1970."""

    pid: int
    host: str
    port: int
    started: float

    @property
    def url(self) -> str:
        """The address by which this computer reaches it."""
        host = _REACHABLE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@contextmanager
def announced(home: Home, running: Running, *, patience: float = _PATIENCE) -> Iterator[None]:
    """Say where the server is for as long as the context lasts.

    Raises PlaceTaken if another server works with this home.
    """
    file, lock = home.state / "server.json", _lock(home)
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise PlaceTaken(_taken(_read(file), home)) from error
    try:
        atomic.write(file, json.dumps(asdict(running)).encode("utf-8"))
        yield
    finally:
        file.unlink(missing_ok=True)
        lock.release()


def find_running(home: Home) -> Running | None:
    """The server that works with this home now, if there is one."""
    if not home.state.is_dir():
        return None
    lock = _lock(home)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return _read(home.state / "server.json")
    lock.release()
    return None


def _lock(home: Home) -> FileLock:
    # Not per thread: a server may start in one and stop in another.
    return FileLock(home.state / "server.lock", thread_local=False)


def _read(file: Path) -> Running | None:
    try:
        said = json.loads(file.read_bytes())
        return Running(int(said["pid"]), str(said["host"]), int(said["port"]), float(said["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _taken(other: Running | None, home: Home) -> str:
    where = f" on port {other.port} (process {other.pid})" if other else ""
    return f"a server{where} already works with {home.path}: stop it, or choose another directory with --home"
