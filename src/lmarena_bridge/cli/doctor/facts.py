"""What can be found out about the whole chain without asking the site anything."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lmarena_bridge.cli.commands_from_here import serve_command
from lmarena_bridge.cli.config import find
from lmarena_bridge.cli.link import linked
from lmarena_bridge.core.config.problem import Problem
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import BridgeError, ConfigError
from lmarena_bridge.outbound.browser import find_browser
from lmarena_bridge.server.known_models import read_known
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.running import find_running

_KNOCK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs. `tabs` as /readyz tells them, `sessions` as /internal/sessions does."""

    url: str
    version: str
    tabs: Sequence[Mapping[str, Any]]
    sessions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Facts:
    """`config` None: a file is broken. `server` None: none runs, or `trouble` says what is wrong with it.

    `port_taken`: by a program that is no server of this home. `gone`: models whose ids the site does not
    have any more. `start`: the command that starts a server.
    """

    home: Path
    version: str
    prepared: bool
    problems: tuple[Problem, ...]
    config: Config | None
    server: Server | None
    trouble: str
    port_taken: bool
    browser: Path | None
    gone: tuple[str, ...]
    start: str


def gather(home: Home) -> Facts:
    """Look at the files, the server, what it says of its tabs, and the browsers that are installed."""
    config = _config(home)
    server, trouble = _server(home)
    settings = config.settings if config else Settings()
    return Facts(
        home=home.path,
        version=version("lmarena-bridge"),
        prepared=home.settings.is_file(),
        problems=tuple(problem for finding in find(home) for problem in finding.problems),
        config=config,
        server=server,
        trouble=trouble,
        port_taken=server is None and not trouble and _is_taken(settings.host, settings.port),
        browser=find_browser(),
        gone=gone_models(home),
        start=serve_command(home),
    )


def _config(home: Home) -> Config | None:
    try:
        return ConfigStore(home).current()
    except ConfigError:
        return None


def _server(home: Home) -> tuple[Server | None, str]:
    """The running server, or what is wrong with it."""
    if find_running(home) is None:
        return None, ""
    try:
        with linked(home) as link:
            server = Server(
                url=link.url,
                version=link.get("/healthz")["version"],
                tabs=link.get("/readyz")["tabs"],
                sessions=link.get("/internal/sessions")["sessions"],
            )
    except BridgeError as error:
        return None, error.message
    return server, ""


def _is_taken(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_KNOCK_SECONDS):
            return True
    except OSError:
        return False


def gone_models(home: Home) -> tuple[str, ...]:
    try:
        return tuple(model.name for model in read_known(home).gone())
    except ConfigError:  # said of the files already
        return ()
