"""The composition root: the one place that builds the objects of a server and joins them."""

import asyncio
import os
import random
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

import structlog

from lmarena_bridge.attaching import Attaching
from lmarena_bridge.bridge import Bridge, World
from lmarena_bridge.cli.board_parts import board_of, recording, secrets_of
from lmarena_bridge.cli.file_bed_within import FileBedWithin
from lmarena_bridge.cli.random_ids import random_ids
from lmarena_bridge.cli.site_time import SiteTime
from lmarena_bridge.cli.uploads import FileBedUploads
from lmarena_bridge.cli.web_pictures import WebPictures
from lmarena_bridge.core.config.settings import Settings, waiting_for_restart
from lmarena_bridge.core.errors import BridgeError, SessionExpired
from lmarena_bridge.core.site.health import Session, SessionHealth
from lmarena_bridge.core.tabs.ledger import TabLedger
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.script import render
from lmarena_bridge.server.attachable_images import AttachableImages
from lmarena_bridge.server.awake_clock import awake_clock
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.board import Board
from lmarena_bridge.server.board.log_tail import LogTail
from lmarena_bridge.server.board.watch import watched
from lmarena_bridge.server.capture import Capture
from lmarena_bridge.server.hub import TabHub
from lmarena_bridge.server.pairing import Pairing
from lmarena_bridge.server.picture_source import PicturesOfAnswers
from lmarena_bridge.server.pictures import Pictures
from lmarena_bridge.server.rules import rules_of
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.serving import listen, serving, twins
from lmarena_bridge.server.site_models import SiteModels
from lmarena_bridge.server.uploaded_files import UploadedFiles
from lmarena_bridge.server.when_asked import WhenAsked
from lmarena_bridge.storage.config_store import ConfigChange, ConfigStore
from lmarena_bridge.storage.file_store import FileStore
from lmarena_bridge.storage.home import Home, prepare_home
from lmarena_bridge.storage.kept_pictures import KeptPictures
from lmarena_bridge.storage.running import Running, announced
from lmarena_bridge.storage.saved_pictures import SavedPictures
from lmarena_bridge.storage.secret import read_or_create
from lmarena_bridge.tokens import Tokens

# Three stat calls each time.
_LOOK_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BridgeServer:
    """A server that runs. `url` is its address as this computer sees it."""

    services: Services
    url: str
    # Where it listens; the url is how this computer gets there.
    address: str

    @property
    def socket_url(self) -> str:
        """Where tabs connect."""
        return f"ws{self.url.removeprefix('http')}/ws"

    def userscript(self) -> str:
        """The userscript with this server's address and secret in it."""
        services = self.services
        return render(services.script(), version=services.version, server=self.url, secret=services.secret)


@asynccontextmanager
async def bridge_server(
    path: Path,
    *,
    host: str | None = None,
    port: int | None = None,
    trusted_pictures: Collection[str] = (),
    tail: LogTail | None = None,
) -> AsyncGenerator[BridgeServer, None]:
    """Serve the home at `path` while the context lasts; port 0 takes a free one. Raises ConfigError.

    trusted_pictures: origins on this computer whose pictures may be downloaded; a demo's arena is one.
    tail: what the log is followed by, to be shown on the start page.
    """
    home = prepare_home(path)
    pairing = Pairing(home)
    program = version("lmarena-bridge")
    ledger = TabLedger(Rules(), secret=pairing.secret, version=program)
    tail = tail or LogTail()
    store = ConfigStore(home, partial(_take_over, ledger, tail), host=host)
    settings = store.current().settings
    world = real_world()
    board = board_of(home, store, world, tail)
    hub = _hub(ledger, settings, board)
    health = SessionHealth(report_refusal)
    address = host or settings.host
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(address, settings.port if port is None else port))
        listeners = (listener, *(stack.enter_context(twin) for twin in twins(listener)))
        port = listener.getsockname()[1]
        running = Running(pid=os.getpid(), host=address, port=port, started=time.time())
        file_bed = _file_bed(home, store, running.url, board)
        pictures = _pictures(home, hub, world, trusted_pictures)
        known = SiteModels(home)
        uploads = FileBedUploads(running.url)
        stack.push_async_callback(uploads.close)
        attaching = Attaching(uploads=uploads, images=AttachableImages(pictures), inputs=known)
        bridge = Bridge(hub, store, world, health, attaching, on_attempt=board.watch.attempt)
        services = Services(
            home=home,
            answering=watched(bridge, Tokens(), world, board.watch),
            hub=hub,
            pictures=pictures,
            files=UploadedFiles(FileStore(home.state / "files"), world),
            capture=Capture(hub),
            configs=store,
            health=health,
            site_models=known,
            world=world,
            version=program,
            pairing=pairing,
            internal_token=read_or_create(home, "internal_token"),
            script=userscript,
            file_bed=WhenAsked(file_bed.app),
            board=board,
        )
        stack.enter_context(announced(home, running))
        stack.enter_context(recording(board.history))
        async with beside(file_bed.keep_tidy()), beside(_follow(store)), serving(services, *listeners):
            yield BridgeServer(services, running.url, address)


def _take_over(ledger: TabLedger, tail: LogTail, change: ConfigChange) -> None:
    tail.hide(secrets_of(change.config.settings))
    report(change)
    ledger.rules = rules_of(change.config.settings)


async def _follow(store: ConfigStore) -> None:
    """Look at the files also when nobody asks: who has just saved one sees in the log what it brought."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        store.current()


def _hub(ledger: TabLedger, settings: Settings, board: Board) -> TabHub:
    ledger.rules = rules_of(settings)
    sightings, watch = board.sightings, board.watch
    hub = TabHub(ledger, clock=awake_clock(time.monotonic), on_refusal=sightings.sent_away)
    watch.look_up_tabs(hub.tab_of)
    return hub


def _file_bed(home: Home, store: ConfigStore, url: str, board: Board) -> FileBedWithin:
    bed = FileBedWithin(home, lambda: store.current().settings, url)
    board.shelf.look_at(bed.entries)
    return bed


def _pictures(home: Home, hub: TabHub, world: World, trusted: Collection[str]) -> Pictures:
    return Pictures(
        source=PicturesOfAnswers(tabs=hub, web=WebPictures(trusted), new_id=world.new_id),
        kept=KeptPictures(home.state / "images", secret=read_or_create(home, "picture_names")),
        saved=SavedPictures(home.path / "downloaded_images"),
    )


def report(change: ConfigChange) -> None:
    """Say once what a change of the files brought."""
    for warning in change.warnings:
        _log.warning("config", problem=str(warning))
    if change.problem is not None:
        _log.error("config not taken over, the last good one stays in force", problem=change.problem.message)
    else:
        _log.info("config read again", files=", ".join(change.files))
    if waiting := waiting_for_restart(change.before.settings, change.config.settings):
        _log.warning("config: a change waits for the next start of the server", settings=", ".join(waiting))


def report_refusal(session: Session, error: BridgeError) -> None:
    """Say which session rests, or is used no more: the answer may come from another one all the same."""
    what = "session set aside" if isinstance(error, SessionExpired) else "session cools down"
    ids = f"{session.session_id}/{session.message_id}"
    _log.warning(what, session=ids, profile=session.profile, reason=error.message)


def real_world() -> World:
    """Randomness and time as they are."""
    return World(
        new_id=random_ids(),
        pick=random.randrange,
        clock=time.time,
        steady=time.monotonic,
        timestamp=SiteTime(),
    )


def userscript() -> str:
    """The userscript as it is in the package, its places still to be filled."""
    script = files("lmarena_bridge").joinpath("userscript", "LMArenaApiBridge.user.js")
    return script.read_text(encoding="utf-8")
