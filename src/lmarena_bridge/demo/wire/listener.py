"""Puts one ASGI app on a port of this computer, and takes it off again within a second."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from starlette.types import ASGIApp

from lmarena_bridge.demo.wire.house import House
from lmarena_bridge.demo.wire.http1 import Http1Connection
from lmarena_bridge.demo.wire.http2 import Http2Connection

# Seconds TLS may take to say goodbye before the connection is cut.
_PATIENCE = 0.3


class _Doorway(asyncio.Protocol):
    """Looks at what the TLS handshake agreed on and hands the connection to that protocol."""

    def __init__(self, house: House) -> None:
        self._house = house

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        secured = transport.get_extra_info("ssl_object")
        http2 = secured is not None and secured.selected_alpn_protocol() == "h2"
        connection = Http2Connection(self._house) if http2 else Http1Connection(self._house)
        cast("asyncio.Transport", transport).set_protocol(connection)
        connection.connection_made(transport)


@asynccontextmanager
async def listening(
    app: ASGIApp, *, host: str, port: int, context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve `app` while the context is open; gives the port. `port` 0 takes a free one.

    With a TLS context HTTP/2 is offered besides HTTP/1.1.
    """
    house = House(app)
    if context:
        context.set_alpn_protocols(["h2", "http/1.1"])
    server = await asyncio.get_running_loop().create_server(
        lambda: _Doorway(house),
        host,
        port,
        ssl=context,
        ssl_shutdown_timeout=_PATIENCE if context else None,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await house.close()
