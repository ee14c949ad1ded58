"""The server as a program of its own, with a Python tab and an arena in the test's process."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from lmarena_bridge.cli.demo import write_home
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.python_tab import PythonTab
from lmarena_bridge.demo.serving import serve_plainly
from support.chain import question
from support.free_port import free_port

# How long the program may take to start or to stop, on a busy machine.
PATIENCE = 40.0


@dataclass
class Program:
    """Where the program's home is, on which port it listens, and the site of its tabs."""

    home: Path
    port: int
    arena: Arena
    site: str
    client: httpx2.AsyncClient

    @contextlib.asynccontextmanager
    async def running(
        self, *before: str, environ: Mapping[str, str] | None = None
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """The server's process, ready to serve. `before`: a command that starts it."""
        command = [*before, sys.executable, "-m", "lmarena_bridge", "serve", "--home", str(self.home)]
        process = await asyncio.create_subprocess_exec(
            *command,
            "--port",
            str(self.port),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **(environ or {})},
        )
        try:
            await self.until_alive()
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()

    async def until_alive(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self._answers("/healthz"):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)

    async def until_ready(self) -> None:
        """A tab is there."""
        async with asyncio.timeout(PATIENCE):
            while not await self._answers("/readyz"):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)

    async def _answers(self, path: str) -> bool:
        try:
            return (await self.client.get(path)).status_code == 200
        except httpx2.HTTPError:
            return False

    @contextlib.asynccontextmanager
    async def tab(self) -> AsyncIterator[PythonTab]:
        """A page of the site for as long as the context lasts; servers may come and go meanwhile."""
        tab = PythonTab(
            server=f"ws://127.0.0.1:{self.port}/ws",
            secret=(self.home / "state" / "pairing_secret").read_text(encoding="utf-8").strip(),
            version="0.1.0",
            site=self.site,
            reconnect_seconds=0.02,
        )
        async with asyncio.TaskGroup() as group:
            task = group.create_task(tab.run())
            await self.until_ready()
            try:
                yield tab
            finally:
                task.cancel()

    async def ask(self, text: str, **more: Any) -> httpx2.Response:
        return await self.client.post("/v1/chat/completions", json=question(text, **more))


@contextlib.asynccontextmanager
async def program(folder: Path, **settings: Any) -> AsyncIterator[Program]:
    """A home, a site, a port: nothing runs yet."""
    home, port = folder / "home", free_port()
    write_home(home)
    (home / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")
    arena = create_arena(require_login=False, pace_ms=1)
    async with (
        serve_plainly(arena) as plain,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client,
    ):
        yield Program(home, port, arena, plain.base_url, client)
