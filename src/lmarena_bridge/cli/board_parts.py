"""The parts of the start page, joined."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import structlog

from lmarena_bridge.bridge import World
from lmarena_bridge.cli.commands_from_here import command_for
from lmarena_bridge.core.config.settings import SETTINGS, Settings
from lmarena_bridge.core.config.update_checks import key_bytes
from lmarena_bridge.core.releases.manifest import Release
from lmarena_bridge.server.board.board import Board
from lmarena_bridge.server.board.feed import Feed
from lmarena_bridge.server.board.installed import Installed
from lmarena_bridge.server.board.log_tail import LogTail
from lmarena_bridge.server.board.passes import Passes
from lmarena_bridge.server.board.refusals import Refusals
from lmarena_bridge.server.board.releases import Releases
from lmarena_bridge.server.board.shelf import Shelf
from lmarena_bridge.server.board.sightings import Sightings
from lmarena_bridge.server.board.watch import Watch, limits_of
from lmarena_bridge.server.services import Services
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.history import History
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.secret import read_or_create

if TYPE_CHECKING:
    from lmarena_bridge.outbound.releases import ReleaseIndex

# Files under state/ whose contents let somebody in.
_SECRETS: Final = ("internal_token", "pairing_secret", "picture_names")

# Of earlier runs; the rest is read when somebody asks for it.
_REMEMBERED: Final = 200

_log = structlog.get_logger(__name__)


def board_of(home: Home, store: ConfigStore, world: World, tail: LogTail) -> Board:
    """What the page of this server shows; `tail` follows the log."""
    tail.hide(read_or_create(home, name) for name in _SECRETS)
    tail.hide(secrets_of(store.current().settings))
    feed = Feed(tail)
    history = History(
        home.state / "history.db",
        limits_of(store.current().settings),
        lambda problem: _log.warning("history", problem=problem),
    )
    watch = Watch(world, history, configs=store, changed=feed.poke)
    watch.remember(history.rows(limit=_REMEMBERED))
    return Board(
        feed=feed,
        sightings=Sightings(world.clock),
        watch=watch,
        refusals=Refusals(watch, world.clock, world.steady),
        history=history,
        passes=Passes(world.steady),
        shelf=Shelf(),
        tail=tail,
        installed=Installed(world.steady),
        releases=_releases(home, store, world),
        examine=_examine,
        started=world.clock(),
    )


def _releases(home: Home, store: ConfigStore, world: World) -> Releases:
    return Releases(
        newest_release,
        lambda: store.latest.settings,
        version=version("lmarena-bridge"),
        command=command_for("update", home),
        clock=world.clock,
        steady=world.steady,
    )


async def newest_release(address: str, key: str) -> Release:
    """What is announced at the address, signed with the key. Raises NotReached, NotTrusted."""
    return await release_index(address, key).newest()


def release_index(address: str, key: str) -> "ReleaseIndex":
    """Where releases are announced, by the settings. The HTTP client comes with the first look."""
    from lmarena_bridge.outbound.releases import ReleaseIndex

    return ReleaseIndex(address, key_bytes(key), time.time)


def secrets_of(settings: Settings) -> Iterator[str]:
    """All that a person has told the settings in confidence."""
    yield from (key.key for key in settings.api_keys)
    for setting in SETTINGS.values():
        if setting.secret and isinstance(value := getattr(settings, setting.name), str):
            yield value


@contextmanager
def recording(history: History) -> Iterator[None]:
    """Requests are written down while the context lasts, and then the last of them."""
    history.start()
    try:
        yield
    finally:
        history.stop()


def _examine(services: Services, url: str) -> dict[str, Any]:
    """What the doctor finds; it is loaded when somebody asks for it."""
    from lmarena_bridge.cli.doctor.within import examine

    return examine(services, url)
