"""The same script in Firefox: what differs there is its sockets, its worlds and how it hands over bytes."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from browser.conftest import HOME, Bench
from lmarena_bridge.core.tabs import messages as m
from support import userext
from support.firefox import Firefox, firefox
from support.scripted_site import RETRY, ScriptedSite
from support.tab_server import TabServer
from support.userext import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.extended,
    pytest.mark.asyncio(loop_scope="session"),
]
STREAM = "/nextjs-api/stream"


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="session",
    params=["MAIN", "ISOLATED"],
)
async def window(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Firefox]:
    world: World = request.param
    folder = tmp_path_factory.mktemp(f"firefox-{world}")
    extension = userext.pack(userext.build(bench.script, folder / "extension", world))
    profile = folder / "profile"
    profile.mkdir()
    async with firefox(profile, hosts=("lmarena.ai",), port=bench.arena.port) as window:
        await window.install(extension)
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def tab(window: Firefox, server: TabServer) -> Firefox:
    await window.open("about:blank")
    await window.open(HOME)
    await server.link()
    return window


async def test_the_tab_says_who_it_is(tab: Firefox, server: TabServer) -> None:
    hello = server.links[0].hello
    assert hello.origin == HOME
    assert hello.browser.startswith("Firefox ")


async def test_an_answer_comes_piece_by_piece(tab: Firefox, server: TabServer, site: ScriptedSite) -> None:
    text = "żółć 🎯 漢字\n".encode()
    answer = await server.fetch(STREAM, method="POST", body=b"\x00body", report=("content-type",))
    request = await site.request(STREAM)
    assert request.body == b"\x00body"
    assert request.headers["origin"] == HOME
    assert request.headers["cookie"] == "login=yes"
    await request.head(200, {"content-type": "text/event-stream"})
    for number in range(len(text)):
        await request.write(text[number : number + 1])
        await server.received(answer, number + 1)
    await request.end()
    await server.finished(answer)
    assert answer.data == text
    assert answer.head.headers == {"content-type": "text/event-stream"}


async def test_8_mib_come_whole_and_never_beyond_the_credit(
    tab: Firefox, server: TabServer, site: ScriptedSite
) -> None:
    # Firefox hands over reads of many MiB at once; the script holds back what is above the limit.
    block = random.Random(1).randbytes(1 << 20)
    answer = await server.fetch(STREAM, window=300_000)
    request = await site.request(STREAM)
    await request.head()
    for _ in range(8):
        await request.write(block)
    await request.end()
    await server.finished(answer)
    assert answer.data == block * 8


async def test_breaks_in_mid_answer_lose_and_double_no_byte(
    tab: Firefox, server: TabServer, site: ScriptedSite
) -> None:
    text = random.Random(2).randbytes(900_000)
    answer = await server.fetch(STREAM, window=200_000)
    request = await site.request(STREAM)
    await request.head()
    for number in range(3):
        await request.write(text[number * 300_000 : (number + 1) * 300_000])
        await server.received(answer, number * 300_000 + 100_000)
        server.links[-1].deaf()
        server.links[-1].cut()
        await server.link(number + 2)
    await request.end()
    await server.finished(answer)
    assert answer.data == text


async def test_cancel_aborts_the_fetch(tab: Firefox, server: TabServer, site: ScriptedSite) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.write(b"x")
    await server.received(answer, 1)
    await server.cancel(answer)
    await request.until_gone()


async def test_a_click_on_retry_is_captured_and_our_own_fetch_is_not(
    tab: Firefox, server: TabServer, site: ScriptedSite
) -> None:
    await server.links[0].say(m.Capture("/messages/"))
    answer = await server.fetch(RETRY)
    ours = await site.request(RETRY)
    await ours.head()
    await ours.end()
    await server.finished(answer)
    await tab.evaluate("document.querySelector('button').click()")
    theirs = await site.request(RETRY)
    await theirs.head()
    await theirs.end()
    assert (await server.hear(m.Captured)).path == RETRY
    assert not server.links[0].heard
    assert (await tab.evaluate("document.title")).startswith("🎯 ")


async def test_the_source_of_the_page_comes_whole(tab: Firefox, server: TabServer) -> None:
    answer = await server.page(window=500)
    await server.finished(answer)
    assert "Zażółć gęślą jaźń 🎯" in answer.data.decode()


async def test_a_reload_is_told(tab: Firefox, server: TabServer) -> None:
    await tab.evaluate("location.reload()")
    again = await server.link(2)
    assert again.hello.tab != server.links[0].hello.tab
    # Firefox closes a page's sockets (1001) before it tells the page that it is going.
    await server.until(lambda: server.links[0].close_code == 1001, "the close of the old page")


async def test_a_policy_of_the_page_is_noticed(window: Firefox, server: TabServer) -> None:
    await window.open(f"{HOME}/strict")
    await window.evaluate("""new Promise((resolve) => {
        const look = () => document.querySelector("html > div") ? resolve() : setTimeout(look, 50);
        look();
    })""")
    assert not server.links
