"""Somebody who publishes releases on this computer: a key, wheels, manifests, a server for them."""

import base64
import hashlib
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lmarena_bridge.cli.update.environment import Environment
from lmarena_bridge.core.releases.manifest import DOMAIN, Release, manifest, signed_text, wheel_name
from lmarena_bridge.core.releases.version import released
from lmarena_bridge.demo.serving import serve_plainly

Answer = Callable[[Any], Awaitable[None]]

# A program that starts in no time and does what a trial looks at.
PROGRAM = """
import http.server, sys
from importlib.metadata import version

{first}
if "--version" in sys.argv:
    print("lmarena-bridge", version("lmarena-bridge"))
else:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
        def log_message(self, *arguments):
            pass
    port = int(sys.argv[sys.argv.index("--port") + 1])
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


class Publisher:
    """Serves what it was told to; `asked`: the paths somebody asked for."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.url = ""

    @property
    def key(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def key_text(self) -> str:
        return base64.b64encode(self.key).decode()

    @property
    def settings(self) -> dict[str, str]:
        """What a person enters who trusts this publisher."""
        return {"update_url": self.url, "update_public_key": self.key_text}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        await self.answers[scope["path"]](send)

    def gives(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

        async def answer(send: Any) -> None:
            await send({"type": "http.response.start", "status": status, "headers": pairs})
            await send({"type": "http.response.body", "body": body})

        self.answers[path] = answer

    def signed(self, release: Release) -> bytes:
        text = signed_text(release)
        return manifest(text, [self.private.sign(DOMAIN + text.encode())])

    def publishes(self, version: str = "9.0.0", data: bytes = b"a wheel", **changes: Any) -> Release:
        """Put a release where it is looked for. `changes`: what else its manifest says."""
        release = replace(release_of(version, data), **changes)
        self.gives("/manifest.json", self.signed(release))
        self.gives(f"/{release.file}", data)
        return release


def release_of(version: str, data: bytes) -> Release:
    number, now = released(version), int(time.time())
    digest = hashlib.sha256(data).hexdigest()
    return Release(number, wheel_name(number), len(data), digest, now - 60, now + 86_400, "Better.\nFaster.")


@asynccontextmanager
async def publisher() -> AsyncIterator[Publisher]:
    """A publisher who is there, and has published nothing."""
    here = Publisher()
    async with serve_plainly(here) as served:
        here.url = f"{served.base_url}/manifest.json"
        yield here


def tiny_wheel(folder: Path, version: str, *, first: str = "", needs: str = "") -> Path:
    """A wheel of the program's name with one file in it; `first`: what it does before all else."""
    info = f"lmarena_bridge-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: lmarena-bridge\nVersion: {version}\n"
    files = {
        "lmarena_bridge/__init__.py": "",
        "lmarena_bridge/__main__.py": PROGRAM.format(first=first),
        f"{info}/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    wheel = folder / wheel_name(released(version))
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD")))
    return wheel


def environment_in(folder: Path) -> Environment:
    """A new environment with pip, and nothing of the program in it yet."""
    venv.create(folder, with_pip=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    return Environment(
        Path(sysconfig.get_path("scripts", "venv", scheme)) / Path(sys.executable).name,
        Path(sysconfig.get_path("purelib", "venv", scheme)),
    )


def install(environment: Environment, *wheels: Path) -> None:
    command = (str(environment.python), "-m", "pip", "--isolated", "--quiet", "install", "--no-index")
    subprocess.run([*command, "--no-deps", "--force-reinstall", *map(str, wheels)], check=True, timeout=60)
