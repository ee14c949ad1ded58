"""The real userscript in real Chromium, the practice arena, and the real server behind a link that breaks.

As an extension, in the page's world and in an isolated one; the page counts as public, so that Local Network
Access is real.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Playwright

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server, userscript
from lmarena_bridge.cli.demo import until_connected, write_home
from lmarena_bridge.core.tabs.effects import Arrived, FetchJob, Opened, PageJob
from lmarena_bridge.core.tabs.script import render
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.outbound.browser import LOCAL_NETWORK, find_browser
from support import userext
from support.chain import records, text_of, until
from support.relay import Relay, relay
from support.userext import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SITE = "https://lmarena.ai"


@dataclass(frozen=True)
class Desk:
    """A person's computer: server, link, browser and site."""

    server: BridgeServer
    arena: Arena
    link: Relay
    browser: BrowserContext
    client: httpx2.AsyncClient

    async def ask(self, text: str) -> list[Any]:
        body = {
            "model": "demo-chat",
            "messages": [{"role": "user", "content": text}],
            "stream": True,
        }
        async with self.client.stream("POST", "/v1/chat/completions", json=body) as answer:
            assert answer.status_code == 200, await answer.aread()
            return [record async for record in records(answer)]

    async def until_connected(self) -> None:
        await until(lambda: any(tab.connected for tab in self.server.services.hub.tabs))


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["MAIN", "ISOLATED"])
async def desk(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    world: World = request.param
    folder, arena = tmp_path_factory.mktemp(f"arena-{world}"), create_arena(pace_ms=1)
    write_home(folder / "home")
    async with (
        serve_securely(arena, folder) as secure,
        bridge_server(folder / "home", port=0) as server,
        relay(int(server.url.rpartition(":")[2])) as link,
        httpx2.AsyncClient(base_url=server.url, timeout=40) as client,
    ):
        services = server.services
        address = f"http://127.0.0.1:{link.port}"
        script = render(userscript(), version=services.version, server=address, secret=services.secret)
        extension = userext.build(script, folder / "extension", world)
        context = await playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=find_browser(("chromium", "edge", "brave", "chrome")),
            args=[
                *secure.chromium_arguments,
                f"--load-extension={extension}",
                f"--disable-extensions-except={extension}",
            ],
            ignore_default_args=["--disable-extensions"],
            chromium_sandbox=sys.platform != "linux",
        )
        try:
            await context.grant_permissions([LOCAL_NETWORK], origin=SITE)
            await context.pages[0].goto(f"{SITE}/c/{DEMO_MODELS[0].session_id}")
            await until_connected(server)
            yield Desk(server, arena, link, context, client)
        finally:
            await context.close()


@pytest.mark.parametrize("manner", ["bytes-one-by-one", "cut=3", "surrogates", "heartbeat"])
async def test_a_streamed_answer_however_it_is_torn(desk: Desk, manner: str) -> None:
    *chunks, done = await desk.ask(f"Hi, I am Zażółć 🦔. #arena:{manner}")
    assert done == "[DONE]"
    assert text_of(chunks)
    assert "\ufffd" not in text_of(chunks)
    received = desk.arena.journal.entries[-1]
    assert (received.cookie, received.http_version) == (True, "2")


async def test_a_refusal_reaches_the_server_with_its_status_and_headers(desk: Desk) -> None:
    body = (await stopped_fetch(desk, "#arena:429")).json()
    assert body["error"]["code"] == "rate_limited"


async def stopped_fetch(desk: Desk, text: str) -> httpx2.Response:
    """An answer of a model whose session may pause afterwards."""
    body = {"model": "demo-right", "messages": [{"role": "user", "content": text}]}
    return await desk.client.post("/v1/chat/completions", json=body)


async def test_twenty_at_once(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.ask(f"What is {n} * 11?") for n in range(20)))
    for number, (*chunks, _) in enumerate(answers):
        assert str(number * 11) in text_of(chunks)


async def test_when_the_client_leaves_the_fetch_is_aborted(desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(desk.ask("hi #arena:hang"))
        await until(lambda: bool(desk.arena.journal.open_streams))
        asked.cancel()
        await until(lambda: not desk.arena.journal.open_streams, within=5)
    assert desk.arena.journal.streams()[-1].state == "aborted"


async def test_thirty_two_megabytes_come_whole(desk: Desk) -> None:
    *chunks, _ = await desk.ask("#arena:size=32000000")
    assert len(text_of(chunks)) == 32_000_000


async def test_a_link_that_breaks_in_mid_answer_loses_and_doubles_nothing(desk: Desk) -> None:
    question = "#arena:size=6000000 #arena:line=500"
    *calm, _ = await desk.ask(question)
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(desk.ask(question))
        cuts = await cut_until_done(desk, asked)
    *torn, done = asked.result()
    assert done == "[DONE]"
    assert text_of(torn) == text_of(calm)
    assert cuts >= 3


async def cut_until_done(desk: Desk, asked: "asyncio.Task[list[Any]]") -> int:
    """Break the link whenever another piece of the answer has come through it."""
    cuts = 0
    while not asked.done():
        mark = desk.link.carried + 700_000
        await until(lambda mark=mark: asked.done() or desk.link.carried > mark)  # type: ignore[misc]
        if not asked.done():
            cuts += desk.link.cut()
    return cuts


async def test_the_source_of_the_page(desk: Desk) -> None:
    source = b""
    with desk.server.services.hub.run(PageJob("page")) as deliveries:
        async for delivery in deliveries:
            if isinstance(delivery, Arrived):
                source += delivery.payload
    assert b"self.__next_f.push" in source
    assert "demo-painter" in source.decode()


async def test_the_head_tells_the_headers_that_were_asked_for(desk: Desk) -> None:
    job = FetchJob("head", "GET", "/?mode=direct", {}, ("content-type",), b"")
    with desk.server.services.hub.run(job) as deliveries:
        opened = await anext(deliveries)
    assert isinstance(opened, Opened)
    assert opened.status == 200
    assert opened.headers["content-type"].startswith("text/html")


async def test_a_reload_ends_the_answer_at_once_and_the_tab_comes_back(desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        body = {"model": "demo-chat", "messages": [{"role": "user", "content": "hi #arena:hang"}]}
        asked = group.create_task(desk.client.post("/v1/chat/completions", json=body))
        watch = desk.server.services.board.watch
        # Before its first word it would be asked once more, in the tab that comes back.
        await until(lambda: any(each.first is not None for each in watch.running))
        await desk.browser.pages[0].reload()
        error = (await asked).json()["error"]
    assert error["code"] == "tab_lost"
    await desk.until_connected()
    assert text_of((await desk.ask("hi again"))[:-1])
