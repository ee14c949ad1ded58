"""Capture as a person does it: the server waits, the page's own Retry is clicked, the file has the ids."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Page

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.demo import until_connected, write_home
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.demo.arena import create_arena
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.outbound.browser import managed_browser
from support.badge import Badge

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SITE = "https://lmarena.ai"
CHAT, LEFT, RIGHT = DEMO_MODELS[0], DEMO_MODELS[4], DEMO_MODELS[5]


@dataclass(frozen=True)
class Desk:
    """A bridge whose person has mapped no session yet, and their browser's first tab."""

    server: BridgeServer
    client: httpx2.AsyncClient
    page: Page

    async def capture(self, **said: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.server.services.internal_token}"}
        answer = await self.client.post("/internal/start_id_capture", json=said, headers=headers)
        assert answer.status_code == 200, answer.text
        written: dict[str, Any] = answer.json()
        return written

    async def click(self, page: Page, side: str = "a") -> None:
        await (await Badge.of(page)).until("Bridge: click Retry")
        assert (await page.title()).startswith("🎯")
        await page.locator(f"[data-retry={side}]").click()

    async def ask(self, model: str) -> httpx2.Response:
        body = {"model": model, "messages": [{"role": "user", "content": "What is 6 * 7?"}]}
        return await self.client.post("/v1/chat/completions", json=body)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    folder = tmp_path_factory.mktemp("capture")
    home = folder / "home"
    write_home(home)
    (home / "model_endpoint_map.json").write_text("{\n  // nothing yet\n}\n", encoding="utf-8")
    async with (
        bridge_server(home, port=0) as server,
        serve_securely(create_arena(pace_ms=1), folder) as arena,
        managed_browser(
            folder / "browser",
            script=server.userscript(),
            origins=[SITE],
            start_url=f"{SITE}/c/{CHAT.session_id}",
            headless=True,
            arguments=arena.chromium_arguments,
        ) as window,
        httpx2.AsyncClient(base_url=server.url, timeout=30) as client,
    ):
        await until_connected(server)
        yield Desk(server, client, window.context.pages[0])


async def test_a_click_in_a_direct_chat_makes_the_model_answer(desk: Desk) -> None:
    assert (await desk.ask("demo-chat")).status_code == 400
    async with asyncio.TaskGroup() as group:
        captured = group.create_task(desk.capture(mode="direct_chat", model="demo-chat", timeout=20))
        await desk.click(desk.page)
    written = captured.result()
    assert (written["session_id"], written["message_id"]) == (CHAT.session_id, CHAT.message_id)
    (tab,) = desk.server.services.hub.tabs
    assert (written["profile"], written["browser"]) == (tab.profile, tab.browser)
    await (await Badge.of(desk.page)).until("Bridge ready")
    answer = await desk.ask("demo-chat")
    assert "42" in answer.json()["choices"][0]["message"]["content"]


async def test_of_two_tabs_the_one_that_is_clicked_wins_with_the_side_that_is_clicked(desk: Desk) -> None:
    battle = await desk.page.context.new_page()
    await battle.goto(f"{SITE}/c/{LEFT.session_id}")
    await (await Badge.of(battle)).until("Bridge ready")
    async with asyncio.TaskGroup() as group:
        captured = group.create_task(desk.capture(mode="battle", target="B", model=RIGHT.name, timeout=20))
        await (await Badge.of(desk.page)).until("Bridge: click Retry")
        await desk.click(battle, "b")
    await (await Badge.of(desk.page)).until("Bridge ready")
    assert captured.result()["message_id"] == RIGHT.message_id
    assert (await desk.ask(RIGHT.name)).status_code == 200
    await battle.close()
    text = desk.server.services.home.sessions.read_text(encoding="utf-8")
    assert "// nothing yet" in text
    assert loads(text).value[RIGHT.name]["battle_target"] == "B"
