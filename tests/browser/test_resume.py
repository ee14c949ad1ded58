"""A link that breaks while the page lives loses nothing; a page that goes takes its jobs with it."""

import asyncio
import random

import pytest
from playwright.async_api import Page

from browser.conftest import HOME, SECRET, Bench
from lmarena_bridge.core.tabs import messages as m
from support.scripted_site import ScriptedSite
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
both_worlds = pytest.mark.parametrize("world", ["MAIN", "ISOLATED"])
STREAM = "/nextjs-api/stream"


async def test_a_break_before_the_site_answers(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    answer = await server.fetch(STREAM, method="POST", body=b"once")
    request = await site.request(STREAM)
    server.links[0].cut()
    again = await server.link(2)
    assert [held.stream for held in again.hello.streams] == [answer.stream]
    assert again.hello.tab == server.links[0].hello.tab
    await request.head(200)
    await request.end(b"the answer")
    await server.finished(answer)
    assert answer.data == b"the answer"
    assert site.nothing_came(STREAM), "the site was asked once"


async def test_an_answer_that_begins_while_the_link_is_broken(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    server.links[0].cut()
    await request.head(403)
    await request.end(b"no")
    await server.link(2)
    await server.finished(answer)
    assert (answer.head.status, bytes(answer.data)) == (403, b"no")


@both_worlds
async def test_breaks_in_mid_answer_lose_and_double_no_byte(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    chance = random.Random(7)
    text = chance.randbytes(1_500_000)
    answer = await server.fetch(STREAM, window=300_000)
    request = await site.request(STREAM)
    await request.head()

    async def play_the_site() -> None:
        at = 0
        while at < len(text):
            size = chance.choice((1, 100, 10_000, 60_000))
            await request.write(text[at : at + size])
            at += size
        await request.end()

    async with asyncio.TaskGroup() as group:
        group.create_task(play_the_site())
        for number in range(1, 5):
            await server.received(answer, number * 250_000)
            link = server.links[-1]
            link.deaf()  # so that bytes are on their way, and lost, when it breaks
            await asyncio.sleep(0)
            link.cut()
            await server.link(number + 1)
        await server.finished(answer)
    assert answer.data == text
    held = [link.hello.streams for link in server.links[1:]]
    assert all(len(streams) == 1 for streams in held)
    assert all(each.sent_to - each.held_from <= 300_000 + 256 * 1024 for (each,) in held)


async def test_an_end_that_was_lost_on_the_way_is_said_again(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.write(b"heard, ")
    await server.received(answer, 7)
    link = server.links[0]
    link.deaf()
    await request.end(b"and not heard")
    await tab.wait_for_function(
        "performance.getEntriesByType('resource').some(({name}) => name.endsWith('stream'))", polling=50
    )
    link.cut()
    await server.finished(answer)
    assert answer.data == b"heard, and not heard"
    assert len(server.links) == 2
    assert len(answer.heads) == 2


async def test_a_break_after_the_end_changes_nothing(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.end(b"done")
    await server.finished(answer)
    server.links[0].cut()
    second = await server.link(2)
    (held,) = second.hello.streams
    assert (held.stream, held.job, held.held_from, held.sent_to) == (answer.stream, answer.job, 0, 4)
    second.cut()  # it was not in the welcome: the tab has forgotten it
    assert (await server.link(3)).hello.streams == ()
    assert answer.data == b"done"


async def test_released_streams_are_forgotten(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.end(b"done")
    await server.finished(answer)
    await server.release(answer)
    await server.links[0].say(m.Ping(at=1))
    await server.hear(m.Pong)
    server.links[0].cut()
    assert (await server.link(2)).hello.streams == ()


@both_worlds
async def test_a_fetch_that_was_lost_on_the_way_is_made_once(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    server.links[0].cut()
    answer = await server.fetch(STREAM, method="POST", body=b"the body")
    request = await site.request(STREAM)
    assert request.body == b"the body"
    await request.head()
    await request.end(b"ok")
    await server.finished(answer)
    assert answer.data == b"ok"
    assert site.nothing_came(STREAM)


async def test_a_fetch_whose_body_was_lost_on_the_way_is_made_once(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    order = m.Fetch(7, "job-7", "POST", STREAM, {}, (), True, 1_000)
    await server.links[0].say(order)
    await server.links[0].say(m.Ping(at=1))
    await server.hear(m.Pong)
    server.links[0].cut()
    again = await server.link(2)
    assert again.hello.streams == ()
    assert site.nothing_came(STREAM)
    answer = await server.fetch(STREAM, method="POST", body=b"whole")
    request = await site.request(STREAM)
    assert request.body == b"whole"
    await request.head()
    await request.end()
    await server.finished(answer)


async def test_what_nobody_wants_any_more_after_a_break_is_aborted(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    unwanted, wanted = await server.fetch(f"{STREAM}/1"), await server.fetch(f"{STREAM}/2")
    first, second = await site.request(f"{STREAM}/1"), await site.request(f"{STREAM}/2")
    server.links[0].cut()
    unwanted.dropped = True
    await first.until_gone()
    await second.head()
    await second.end(b"still here")
    await server.finished(wanted)
    assert wanted.data == b"still here"


async def test_a_server_that_stops_is_found_again_when_it_is_back(
    page: Page, bench: Bench, site: ScriptedSite
) -> None:
    async with TabServer(SECRET).listening(bench.port) as first:
        await page.goto(HOME)
        link = await first.link()
        await first.fetch(STREAM)
        request = await site.request(STREAM)
        await link.close(m.CLOSE_STOPPING)
    async with TabServer(SECRET).listening(bench.port) as second:
        link = await second.link()
        assert len(link.hello.streams) == 1
        await request.until_gone()  # this server knows nothing of it


@pytest.mark.parametrize("code", [m.CLOSE_SILENT, m.CLOSE_STOPPING, 1011])
async def test_a_close_that_is_no_verdict_is_followed_by_a_new_link(
    tab: Page, server: TabServer, code: int
) -> None:
    await server.links[0].close(code)
    assert (await server.link(2)).hello.tab == server.links[0].hello.tab


async def test_a_reload_says_bye_and_ends_its_fetches_at_once(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    await server.fetch(STREAM)
    request = await site.request(STREAM)
    await tab.reload()
    await request.until_gone()
    await server.hear(m.Bye, server.links[0])
    again = await server.link(2)
    assert again.hello.streams == ()
    assert again.hello.tab != server.links[0].hello.tab
    assert again.hello.profile == server.links[0].hello.profile


async def test_a_closed_tab_says_bye(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    await server.fetch(STREAM)
    request = await site.request(STREAM)
    await tab.close()
    await server.hear(m.Bye, server.links[0])
    await request.until_gone()


async def test_a_page_restored_from_the_cache_is_a_new_tab(tab: Page, server: TabServer) -> None:
    await tab.evaluate("window.kept = 'the same page'")
    await tab.goto("about:blank")
    await server.hear(m.Bye, server.links[0])
    await tab.go_back(wait_until="commit")  # a restored page does not load
    again = await server.link(2)
    assert await tab.evaluate("window.kept") == "the same page"
    assert again.hello.tab != server.links[0].hello.tab
    assert again.hello.streams == ()


async def test_two_tabs_of_one_browser_share_their_profile_and_nothing_else(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    other = await tab.context.new_page()
    try:
        await other.goto(HOME)
        second = await server.link(2)
        assert second.hello.profile == server.links[0].hello.profile
        assert second.hello.tab != server.links[0].hello.tab
    finally:
        await other.close()
