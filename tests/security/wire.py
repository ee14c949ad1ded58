"""Strangers' ways to speak: bytes on a socket, and a tab that says what it likes."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from lmarena_bridge.core.tabs import messages as m
from support.chain import PATIENCE, Chain

SITE = "https://lmarena.ai"


def port_of(chain: Chain) -> int:
    port = chain.client.base_url.port
    assert port is not None
    return port


async def raw(port: int, data: bytes, *, within: float = PATIENCE) -> bytes:
    """Send the bytes; everything that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        async with asyncio.timeout(within):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def statuses(answer: bytes) -> list[int]:
    """The statuses of all the answers in these bytes."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


async def status_of(port: int, data: bytes) -> int:
    """The status of the one answer."""
    (status,) = statuses(await raw(port, data))
    return status


def get(path: str, host: str, *more: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *more, "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def upgrade_status(port: int, *, host: str, origins: Sequence[str] = (SITE,), path: str = "/ws") -> int:
    """What the server says to a request for a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        *(f"Origin: {origin}" for origin in origins),
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Protocol: {m.SUBPROTOCOL}",
        "",
        "",
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write("\r\n".join(lines).encode("latin-1"))
        async with asyncio.timeout(PATIENCE):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()


def bugs(logs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What the log calls a mistake of the program itself. A machine that is slow is none."""
    return [each for each in logs if "exc_info" in each or each["event"] == "internal error"]


class FalseTab:
    """A connection of a tab, in the hands of a test."""

    def __init__(self, socket: ClientConnection, chain: Chain) -> None:
        self.socket = socket
        self._chain = chain

    async def greet(self, secret: str | None = None, tab: str = "false-tab") -> None:
        services = self._chain.server.services
        secret = services.secret if secret is None else secret
        hello = m.Hello(
            version=services.version, secret=secret, tab=tab, profile="python", origin=SITE, browser="None"
        )
        await self.socket.send(m.encode(hello))
        assert isinstance(await self.hear(), m.Welcome)

    async def hear(self) -> m.ToTab | m.Unknown | bytes:
        """The next thing that the server says; its pings are answered."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.socket.recv()
                said = frame if isinstance(frame, bytes) else m.decode_to_tab(frame)
                if not isinstance(said, m.Ping):
                    return said
                await self.socket.send(m.encode(m.Pong(said.at)))

    async def job(self) -> m.Fetch:
        """Wait for a fetch and take its body."""
        while True:
            said = await self.hear()
            if isinstance(said, m.Fetch):
                if said.body:
                    assert isinstance(await self.hear(), bytes)
                return said

    async def answer(self, fetch: m.Fetch, payload: bytes, status: int = 200) -> None:
        await self.socket.send(m.encode(m.Head(fetch.stream, status, {"content-type": "text/plain"})))
        await self.socket.send(m.encode_data(fetch.stream, 0, payload))
        await self.socket.send(m.encode(m.End(fetch.stream, len(payload))))

    async def close_code(self) -> int | None:
        """Wait until the server closes; the code it says."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed:
                return self.socket.close_code


@asynccontextmanager
async def false_tab(chain: Chain, *, origin: str = SITE) -> AsyncIterator[FalseTab]:
    async with connect(
        chain.server.socket_url,
        origin=Origin(origin),
        subprotocols=[Subprotocol(m.SUBPROTOCOL)],
        compression=None,
        max_size=None,
        ping_interval=None,
    ) as socket:
        yield FalseTab(socket, chain)
