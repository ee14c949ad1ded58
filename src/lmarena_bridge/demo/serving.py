"""The arena on a port: over https as the browser's `https://lmarena.ai`, or plainly for the Python tab."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from lmarena_bridge.demo.certificate import write_certificate
from lmarena_bridge.demo.wire.listener import listening

SITE_HOSTS = (
    "lmarena.ai",
    "www.lmarena.ai",
    "canary.lmarena.ai",
    "arena.ai",
    "www.arena.ai",
    "canary.arena.ai",
)
"""The names a browser started with `SecureArena.chromium_arguments` finds here instead of on the internet."""

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class SecureArena:
    """An arena behind TLS.

    port: on 127.0.0.1. spki_sha256: see certificate.py. certificate_path: for clients that take a root of
    their own. chromium_arguments: what makes `https://lmarena.ai` in Chromium this arena, a page of the
    public internet as far as Local Network Access goes, and every other host unreachable.
    """

    port: int
    spki_sha256: str
    certificate_path: Path
    chromium_arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainArena:
    """An arena over plain http (HTTP/1.1). base_url: without a slash at its end."""

    port: int
    base_url: str


@asynccontextmanager
async def serve_securely(app: ASGIApp, directory: Path, *, port: int = 0) -> AsyncIterator[SecureArena]:
    """Serve `app` over https, HTTP/2 and HTTP/1.1, on 127.0.0.1; certificate and key go into `directory`."""
    certificate = write_certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate_path, certificate.key_path)
    async with listening(app, host="127.0.0.1", port=port, context=context) as bound:
        yield SecureArena(
            port=bound,
            spki_sha256=certificate.spki_sha256,
            certificate_path=certificate.certificate_path,
            chromium_arguments=chromium_arguments(bound, certificate.spki_sha256),
        )


@asynccontextmanager
async def serve_plainly(app: ASGIApp, *, port: int = 0) -> AsyncIterator[PlainArena]:
    """Serve `app` over http on 127.0.0.1."""
    async with listening(app, host="127.0.0.1", port=port) as bound:
        yield PlainArena(port=bound, base_url=f"http://127.0.0.1:{bound}")


def chromium_arguments(port: int, spki_sha256: str) -> tuple[str, ...]:
    """Chromium's switches for an arena on `port`; they need a `--user-data-dir` beside them.

    The address space override makes the page count as public (measured with Chromium 156, November 2026):
    without it a page from 127.0.0.1 may open any local socket and the permission prompt never shows.
    """
    rules = [f"MAP {host}:443 127.0.0.1:{port}" for host in SITE_HOSTS]
    rules += ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in _LOOPBACK)]
    return (
        f"--host-resolver-rules={', '.join(rules)}",
        f"--ignore-certificate-errors-spki-list={spki_sha256}",
        f"--ip-address-space-overrides=127.0.0.1:{port}=public",
    )
