"""The application on a port, with the tabs' sockets beside it."""

import asyncio
import errno
import functools
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from uvicorn.server import ServerState
from websockets.datastructures import Headers

from lmarena_bridge.core.errors import BridgeError, PlaceTaken
from lmarena_bridge.server.app import create_app
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.sections import sections
from lmarena_bridge.server.collector import collected_seldom
from lmarena_bridge.server.connection import Connection
from lmarena_bridge.server.freed_memory import give_back_when_idle, keep_freed_memory
from lmarena_bridge.server.guard import TABS, Request, judge_upgrade
from lmarena_bridge.server.hub import TabHub
from lmarena_bridge.server.loop_watch import loop_watched
from lmarena_bridge.server.port import Limits, Port
from lmarena_bridge.server.refusal_log import RefusalLog
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.socket import TabSocket, UpgradeGuard

_log = structlog.get_logger(__name__)

# How long answers that are on their way may take when the server is told to stop.
_GRACE_SECONDS = 30


def listen(host: str, port: int, *, setting: str = "port") -> socket.socket:
    """A listening socket. Raises PlaceTaken if the port is taken or the address is none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol must be named: asyncio sends small writes at once only on sockets that say they are TCP,
    # and without that each answer waits 40 ms for an acknowledgement (measured 2026-11-24, Linux).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # On Windows this would let two servers share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise PlaceTaken(
            f"Cannot listen on {host}:{port}: {error}. Is it already running? Stop the other program, or use "
            f'another port: --port {port + 1}, or "{setting}" in config.jsonc.'
        ) from error
    return listener


def twins(listener: socket.socket) -> list[socket.socket]:
    """The same port of ::1 beside 127.0.0.1, where there is one: to some programs `localhost` is that."""
    host, port = listener.getsockname()[:2]
    if host != "127.0.0.1":
        return []
    try:
        return [listen("::1", port)]
    except PlaceTaken as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE:
            _log.warning(
                "another program listens at the same port of ::1: say 127.0.0.1, not localhost", port=port
            )
        return []


@asynccontextmanager
async def serving(services: Services, *listeners: socket.socket) -> AsyncGenerator[None, None]:
    """Serve while the context lasts; then answers on their way are finished before it ends."""
    config = uvicorn.Config(
        create_app(services),
        http=connections(),
        # Our own protocol class, given its hub: uvicorn calls it like the class it expects.
        ws=functools.partial(TabSocket, links=services.hub, guard=_upgrade_guard(services)),  # type: ignore[arg-type]
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    keep_freed_memory()
    idle = give_back_when_idle(lambda: not services.hub.jobs)
    async with loop_watched(), _alive(services), accepting(config, *listeners), beside(idle):
        try:
            with collected_seldom():
                yield
        finally:
            services.capture.stop()
            services.board.feed.stop()
            await _finish(services.hub, config)


@asynccontextmanager
async def _alive(services: Services) -> AsyncGenerator[None, None]:
    """What must go on as long as there are connections: the hub's time, the picture on the start page."""
    forget = services.hub.watch(lambda _: services.board.feed.poke())
    async with (
        beside(services.hub.keep_time()),
        beside(services.board.feed.run(lambda: sections(services))),
        beside(services.board.releases.keep_looking()),
    ):
        yield
    forget()
    services.hub.drain()


async def _finish(hub: TabHub, config: uvicorn.Config) -> None:
    """Let answers end while whoever asks for another one is still told that it is too late."""
    began = time.monotonic()
    await hub.drained(_GRACE_SECONDS)
    # What is left of it is for clients that read slowly.
    config.timeout_graceful_shutdown = max(1, round(began + _GRACE_SECONDS - time.monotonic()))


@asynccontextmanager
async def accepting(config: uvicorn.Config, *listeners: socket.socket) -> AsyncGenerator[None, None]:
    """Any application on its ports while the context lasts; its requests are finished before it ends."""
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=list(listeners))
    try:
        async with beside(server.main_loop()):
            yield
    finally:
        await server.shutdown(sockets=list(listeners))


def connections(limits: Limits | None = None) -> type[asyncio.Protocol]:
    """Our HTTP protocol, for any application that is served by uvicorn."""
    bounds = limits or Limits(connections=_most_connections())
    ports: list[Port] = []

    def connection(
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: object,
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> Connection:
        if not ports:
            ports.append(Port(config, server_state, _loop or asyncio.get_running_loop(), bounds))
        return Connection(ports[0])

    # uvicorn calls it like the class it expects.
    return connection  # type: ignore[return-value]


def _most_connections() -> int:
    """Some files must stay free for everything else that the server opens."""
    most = Limits().connections
    if sys.platform == "win32":
        return most
    import resource

    open_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(most, open_files * 3 // 4)


def _upgrade_guard(services: Services) -> UpgradeGuard:
    log = RefusalLog()

    def guard(headers: Headers) -> BridgeError | None:
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.raw_items()]
        refusal = judge_upgrade(Request("GET", TABS, raw), services.access())
        if refusal is not None:
            log.tell(refusal, TABS, services.world.steady())
        return refusal

    return guard
