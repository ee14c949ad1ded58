"""The whole chain in one process: arena, tab, bridge and client on real sockets. No browser."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.demo import until_connected, write_home
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.python_tab import PythonTab
from lmarena_bridge.demo.serving import serve_plainly

# A wait that lasts longer than this has failed.
PATIENCE = 20.0

ORIGIN = "https://lmarena.ai"


@dataclass
class Chain:
    """One bridge, its arena and its tabs."""

    server: BridgeServer
    arena: Arena
    site: str
    client: httpx2.AsyncClient
    group: asyncio.TaskGroup
    tasks: dict[PythonTab, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def tab(self) -> PythonTab:
        """The only tab."""
        (tab,) = self.tasks
        return tab

    def open_tab(
        self, *, profile: str = "python", secret: str | None = None, through: int | None = None
    ) -> PythonTab:
        """One more page of the site. `through`: the port of a relay on the way to the server."""
        services = self.server.services
        tab = PythonTab(
            server=self.server.socket_url if through is None else f"ws://127.0.0.1:{through}/ws",
            secret=services.secret if secret is None else secret,
            version=services.version,
            site=self.site,
            origin=ORIGIN,
            profile=profile,
            reconnect_seconds=0.01,
        )
        self.tasks[tab] = self.group.create_task(tab.run())
        return tab

    async def ask(self, text: str = "hi", model: str = "demo-chat", **more: Any) -> httpx2.Response:
        """One question, its whole answer."""
        return await self.client.post("/v1/chat/completions", json=question(text, model, **more))

    @asynccontextmanager
    async def asking(
        self, text: str, model: str = "demo-chat", **more: Any
    ) -> AsyncGenerator[httpx2.Response, None]:
        """A streamed answer, as far as it is read."""
        body = question(text, model, stream=True, **more)
        async with self.client.stream("POST", "/v1/chat/completions", json=body) as response:
            yield response

    async def until_idle(self) -> None:
        """Return when no job runs or waits."""
        await until(lambda: self.server.services.hub.jobs == 0)

    async def until_tabs(self, count: int) -> None:
        await until(lambda: sum(tab.connected for tab in self.server.services.hub.tabs) == count)


def question(text: str, model: str = "demo-chat", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


@asynccontextmanager
async def chain(
    folder: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    tab: bool = True,
    pace_ms: float | None = 1,
    within: float = 3 * PATIENCE,
    port: int = 0,
) -> AsyncGenerator[Chain, None]:
    """Everything started, and a tab connected unless `tab` says no."""
    home = folder / "home"
    write_home(home)
    (home / "config.jsonc").write_text(json.dumps(settings or {}), encoding="utf-8")
    arena = create_arena(require_login=False, pace_ms=pace_ms)
    async with (
        serve_plainly(arena) as plain,
        bridge_server(home, port=port, trusted_pictures=(plain.base_url,)) as server,
        httpx2.AsyncClient(base_url=server.url, timeout=PATIENCE) as client,
        asyncio.timeout(within),
        asyncio.TaskGroup() as group,
    ):
        running = Chain(server, arena, plain.base_url, client, group)
        if tab:
            running.open_tab()
            await until_connected(server)
        try:
            yield running
        finally:
            for task in running.tasks.values():
                task.cancel()


async def until(true: Callable[[], bool], within: float = PATIENCE) -> None:
    """Return when it is true; looks again whenever the loop has turned, and gives up in time."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - the things waited for have no event of their own
            await asyncio.sleep(0.001)


async def records(response: httpx2.Response) -> AsyncIterator[Any]:
    """The records of an event stream: parsed JSON, "[DONE]", and comments as they are."""
    async for line in response.aiter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))
        elif line:
            yield line.removeprefix("data: ")


def text_of(chunks: list[Any]) -> str:
    return "".join(
        choice["delta"].get("content") or "" for each in chunks for choice in each.get("choices", ())
    )
