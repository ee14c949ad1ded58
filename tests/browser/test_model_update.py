"""`models update` through a real tab: the command, the bridge, Chromium with the userscript, the arena."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.demo import until_connected, write_home
from lmarena_bridge.cli.serve import ORIGINS
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.outbound.browser import find_browser, managed_browser
from lmarena_bridge.storage.available_models import read_available_models, write_available_models
from lmarena_bridge.storage.home import Home
from support.command import Done, command_beside

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass(frozen=True)
class Scene:
    """A bridge and the page of the arena that is its only tab."""

    server: BridgeServer
    arena: Arena
    page: Page

    @property
    def home(self) -> Home:
        return self.server.services.home

    async def update(self, *options: str) -> Done:
        return await command_beside("models", "update", "--home", str(self.home.path), *options)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("models")
    write_home(folder / "home")
    arena = create_arena()
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serve_securely(arena, folder))
        server = await stack.enter_async_context(bridge_server(folder / "home", port=0))
        window = await stack.enter_async_context(
            managed_browser(
                folder / "browser",
                script=server.userscript(),
                origins=ORIGINS,
                start_url=f"https://lmarena.ai/c/{DEMO_MODELS[0].session_id}",
                headless=True,
                executable=find_browser(("chromium", "chrome", "edge", "brave")),
                arguments=served.chromium_arguments,
            )
        )
        await until_connected(server)
        (page,) = window.context.pages
        yield Scene(server, arena, page)


async def test_the_models_of_the_page_in_the_tab_come_whole(scene: Scene) -> None:
    asked = len(scene.arena.journal.entries)
    done = await scene.update("--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["models"] == len(arena_objects())
    assert read_available_models(scene.home) == arena_objects()
    assert len(scene.arena.journal.entries) == asked, "the page that is open is enough"


async def test_a_tab_whose_page_lists_no_models_fetches_one_that_does(scene: Scene) -> None:
    write_available_models(scene.home, [])
    await scene.page.evaluate("for (const each of document.querySelectorAll('script')) each.remove()")
    address = scene.page.url
    done = await scene.update()
    assert (done.code, done.err) == (0, "")
    assert read_available_models(scene.home) == arena_objects()
    assert scene.page.url == address, "the person's page stays as it is"
