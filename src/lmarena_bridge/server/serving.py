"""The application on a port, with the tabs' sockets beside it."""

import functools
import gc
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from websockets.datastructures import Headers

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.address import is_site_origin
from lmarena_bridge.server.app import create_app
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.guard import judge_host
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.socket import TabSocket, UpgradeGuard

# How long answers that are on their way may take when the server is told to stop.
_GRACE_SECONDS = 30


def listen(host: str, port: int, *, setting: str = "port") -> socket.socket:
    """A listening socket. Raises ConfigError if the port is taken or the address is none of this machine."""
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
        raise ConfigError(
            f"Cannot listen on {host}:{port}: {error}. Is it already running? Stop the other program, or use "
            f'another port: --port {port + 1}, or "{setting}" in config.jsonc.'
        ) from error
    return listener


@asynccontextmanager
async def serving(services: Services, listener: socket.socket) -> AsyncGenerator[None, None]:
    """Serve while the context lasts; then answers on their way are finished before it ends."""
    config = uvicorn.Config(
        create_app(services),
        http="httptools",
        # Our own protocol class, given its hub: uvicorn calls it like the class it expects.
        ws=functools.partial(TabSocket, links=services.hub, guard=_upgrade_guard(services)),  # type: ignore[arg-type]
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    async with accepting(config, listener):
        # What lives now lives on: the collector need not look at it again (perf.md 4).
        gc.freeze()
        try:
            yield
        finally:
            services.capture.stop()


@asynccontextmanager
async def accepting(config: uvicorn.Config, listener: socket.socket) -> AsyncGenerator[None, None]:
    """Any application on a port while the context lasts; its requests are finished before it ends."""
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        async with beside(server.main_loop()):
            yield
    finally:
        await server.shutdown(sockets=[listener])


def _upgrade_guard(services: Services) -> UpgradeGuard:
    def guard(headers: Headers) -> str | None:
        access = services.access()
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.raw_items()]
        refusal = judge_host(raw, access)
        if refusal is not None:
            return refusal.message
        origins = headers.get_all("Origin")
        if len(origins) == 1 and (is_site_origin(origins[0]) or origins[0] in access.allowed_origins):
            return None
        return f"only pages of LMArena may connect here, not {' and '.join(origins)[:200] or 'nobody'}"

    return guard
