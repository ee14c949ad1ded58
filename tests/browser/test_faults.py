"""Faults of real browsers, by the numbers of docs/reliability.md: Chromium, script and server as they are."""

import asyncio
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server, userscript
from lmarena_bridge.cli.demo import write_home
from lmarena_bridge.core.tabs.script import render
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.serving import SecureArena, serve_securely
from lmarena_bridge.outbound.browser import ManagedBrowser, find_browser, managed_browser
from support.chain import question, records, text_of, until
from support.relay import relay

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SITE = "https://lmarena.ai"
# A browser that starts on a busy machine.
STARTS = 60.0
GRACE = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """A server and the site; browsers come and go."""

    server: BridgeServer
    arena: Arena
    secure: SecureArena
    client: httpx2.AsyncClient

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def browser(
        self, profile: Path, *, through: int | None = None, before: str = ""
    ) -> AbstractAsyncContextManager[ManagedBrowser]:
        """One with a tab of its own. `through`: a relay's port; `before`: what runs in its pages first."""
        services = self.server.services
        address = self.server.url if through is None else f"http://127.0.0.1:{through}"
        script = render(userscript(), version=services.version, server=address, secret=services.secret)
        return managed_browser(
            profile,
            script=before + script,
            origins=[SITE],
            start_url=f"{SITE}/c/{DEMO_MODELS[0].session_id}",
            headless=True,
            executable=find_browser(("chromium", "chrome", "edge", "brave")),
            arguments=self.secure.chromium_arguments,
        )

    async def until_tabs(self, count: int) -> None:
        hub = self.server.services.hub
        await until(lambda: sum(tab.connected for tab in hub.tabs) == count, within=STARTS)

    @asynccontextmanager
    async def asking(self, text: str) -> AsyncGenerator[httpx2.Response, None]:
        body = question(text, stream=True)
        async with self.client.stream("POST", "/v1/chat/completions", json=body) as response:
            assert response.status_code == 200, await response.aread()
            yield response

    async def told(self, text: str) -> str:
        """The text of an answer that ended well."""
        async with self.asking(text) as response:
            *chunks, done = [each async for each in records(response) if each != ": keep-alive"]
        assert done == "[DONE]", chunks[-1:]
        return text_of(chunks)


@asynccontextmanager
async def desk(folder: Path, **settings: object) -> AsyncGenerator[Desk, None]:
    home, arena = folder / "home", create_arena(pace_ms=1)
    write_home(home)
    (home / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")
    async with (
        serve_securely(arena, folder) as secure,
        bridge_server(home, port=0) as server,
        httpx2.AsyncClient(base_url=server.url, timeout=120) as client,
    ):
        yield Desk(server, arena, secure, client)


def processes_of(profile: Path) -> list[int]:
    """The browser that has this profile, and all its descendants."""
    parents: dict[int, int] = {}
    roots: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        parents[int(entry.name)] = parent
        if f"--user-data-dir={profile}".encode() in command:
            roots.append(int(entry.name))
    family = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sorted(family)


def kill_at_once(pids: list[int]) -> None:
    """As if in one moment: the part that holds the sockets, left alive a little longer than the page's,
    would take its leave for the page, and the server would hear of a tab that was closed."""
    assert len(pids) > 3, "a browser and its helpers"
    for sign in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            os.kill(pid, sign)


@pytest.mark.skipif(sys.platform != "linux", reason="a browser's processes are found in /proc")
@pytest.mark.timeout(180)
async def test_fault_05_a_killed_browser_is_told_in_the_stream_and_costs_nobody_else_anything(
    tmp_path: Path,
) -> None:
    victim, other = tmp_path / "victim", tmp_path / "other"
    async with desk(tmp_path, resume_grace_seconds=GRACE) as here:
        async with here.browser(victim):
            await here.until_tabs(1)
            async with here.asking("hello #arena:hang") as response:
                heard = records(response)
                begun = [await anext(heard), await anext(heard)]
                async with here.browser(other), asyncio.TaskGroup() as group:
                    await here.until_tabs(2)
                    neighbour = group.create_task(here.told("#arena:size=20000 #arena:pace=20"))
                    await until(lambda: here.arena.journal.open_streams == 2)
                    killed_at = time.monotonic()
                    kill_at_once(processes_of(victim))
                    *_, error, done = [each async for each in heard]
                    took = time.monotonic() - killed_at
                    assert text_of(begun)
                    assert (error["error"]["code"], done) == ("tab_lost", "[DONE]")
                    # Its link ends at once, and nobody comes back: the grace, and some for a busy machine.
                    assert GRACE <= took < GRACE + 15
                    assert len(await neighbour) == 20_000
                    assert "42" in await here.told("What is 6 * 7?")
        await here.until_tabs(0)
        async with here.browser(victim):  # the same profile, in which the dead one has left its lock
            await here.until_tabs(1)
            assert "42" in await here.told("What is 6 * 7?")


SIZE = 1_000_000
# The page's timers run faster, or the script would wait half a second after each break.
HURRY = """{
    const wait = window.setTimeout;
    window.setTimeout = (work, delay, ...rest) => wait(work, delay / 50, ...rest);
}
"""


@pytest.mark.parametrize(
    ("size", "breaks"),
    [
        pytest.param(SIZE // 10, 50, id="fifty in a tenth", marks=pytest.mark.timeout(180)),
        pytest.param(
            SIZE, 500, id="five hundred in a megabyte", marks=[pytest.mark.extended, pytest.mark.timeout(900)]
        ),
    ],
)
async def test_random_breaks_in_one_answer_change_no_byte(tmp_path: Path, size: int, breaks: int) -> None:
    """Each link is cut after a random number of bytes: within a frame, its head, the hello, the handshake."""
    chance = random.Random(5)

    def fuse() -> int:
        # Greeting and upgrade take about 1,000 bytes in Chromium: some links break before they say anything.
        return chance.randrange(1, 4_400)

    asked = f"#arena:size={size} #arena:line=700"
    async with desk(tmp_path, stream_response_timeout_seconds=600) as here:
        ledger = here.server.services.hub._ledger
        # A frame counts when it has arrived whole: it must be smaller than what a link carries in its life.
        ledger.rules = replace(ledger.rules, window=1024)
        async with relay(here.port, fuse=fuse) as link:
            async with here.browser(tmp_path / "browser", through=link.port, before=HURRY):
                answer = await here.told(asked)
            cuts = link.cuts
        async with here.browser(tmp_path / "browser"):
            await here.until_tabs(1)
            calm = await here.told(asked)
    _log.info("%d breaks in one answer of %d bytes", cuts, size)
    assert len(calm) == size
    assert answer == calm
    assert cuts >= breaks
