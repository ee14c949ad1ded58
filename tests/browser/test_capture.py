"""Capture: the page's own Retry is seen, our own requests are not."""

import pytest
from playwright.async_api import Page

from browser.conftest import HOME
from lmarena_bridge.core.tabs import messages as m
from support.badge import Badge
from support.scripted_site import RETRY, ScriptedSite
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
both_worlds = pytest.mark.parametrize("world", ["MAIN", "ISOLATED"])
PATTERN = r"/retry-evaluation-session-message/[^/]+/messages/"


async def click_retry(tab: Page, site: ScriptedSite) -> None:
    """The person clicks, the site answers; the browser lists the request when its answer is complete."""
    await tab.get_by_role("button", name="Retry", exact=True).click()
    request = await site.request(RETRY)
    await request.head()
    await request.end(b"a0:...")


@both_worlds
async def test_a_click_on_retry_is_reported_with_its_path(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    badge = await Badge.of(tab)
    await server.links[0].say(m.Capture(PATTERN))
    look = await badge.until("Bridge: click Retry")
    assert look.tone == "capture"
    assert await tab.title() == "🎯 Arena | practice"
    await click_retry(tab, site)
    assert (await server.hear(m.Captured)).path == RETRY
    await server.links[0].say(m.Capture(None))
    await badge.until("Bridge ready")
    assert await tab.title() == "✅ Arena | practice"


async def test_the_query_is_part_of_the_path(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    await server.links[0].say(m.Capture(r"\?seen=1$"))
    await (await Badge.of(tab)).until("Bridge: click Retry")
    for path in ("/nextjs-api/other", "/nextjs-api/other?seen=1"):
        await tab.evaluate("(path) => { fetch(path); }", path)
        request = await site.request("/nextjs-api/other")
        await request.head()
        await request.end()
    assert (await server.hear(m.Captured)).path == "/nextjs-api/other?seen=1"
    assert not server.links[0].heard


@both_worlds
async def test_our_own_fetches_of_the_same_address_are_not_reported(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    await server.links[0].say(m.Capture(PATTERN))
    for _ in range(3):
        answer = await server.fetch(RETRY, method="POST", body=b"ours")
        request = await site.request(RETRY)
        await request.head()
        await request.end()
        await server.finished(answer)
    # The entry of a request of the page's own that comes after ours shows that ours have been passed over.
    await server.links[0].say(m.Capture(PATTERN + r"|/nextjs-api/last"))
    await tab.evaluate("() => { fetch('/nextjs-api/last'); }")
    request = await site.request("/nextjs-api/last")
    await request.head()
    await request.end()
    assert (await server.hear(m.Captured)).path == "/nextjs-api/last"
    assert not server.links[0].heard


async def test_one_of_ours_beside_the_pages_own_is_told_apart_by_number(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    await server.links[0].say(m.Capture(PATTERN))
    await (await Badge.of(tab)).until("Bridge: click Retry")
    answer = await server.fetch(RETRY)
    ours = await site.request(RETRY)
    await click_retry(tab, site)
    await ours.head()
    await ours.end()
    await server.finished(answer)
    assert (await server.hear(m.Captured)).path == RETRY
    assert not server.links[0].heard


async def test_without_capture_nothing_is_reported(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    await server.links[0].say(m.Capture(PATTERN))
    await server.links[0].say(m.Capture(None))
    await click_retry(tab, site)
    await tab.wait_for_function(
        "performance.getEntriesByType('resource').some(({name}) => /retry/.test(name))"
    )
    await server.links[0].say(m.Ping(at=1))
    await server.hear(m.Pong)
    assert not server.links[0].heard


async def test_capture_goes_on_over_a_new_link(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    server.capture = PATTERN
    server.links[0].cut()
    await server.link(2)
    await (await Badge.of(tab)).until("Bridge: click Retry")
    await click_retry(tab, site)
    assert (await server.hear(m.Captured)).path == RETRY


async def test_requests_to_other_sites_are_none_of_our_business(tab: Page, server: TabServer) -> None:
    await server.links[0].say(m.Capture("here$"))
    await (await Badge.of(tab)).until("Bridge: click Retry")
    await tab.evaluate("fetch('https://arena.ai/elsewhere', {mode: 'no-cors'})")
    await tab.evaluate("() => fetch('/here')")
    assert (await server.hear(m.Captured)).path == "/here"
    assert not server.links[0].heard


async def test_a_pattern_that_is_none_harms_nothing(tab: Page, server: TabServer) -> None:
    await server.links[0].say(m.Capture("("))
    await server.links[0].say(m.Ping(at=3))
    assert (await server.hear(m.Pong)).at == 3
    assert (await (await Badge.of(tab)).look()).label == "Bridge ready"


async def test_the_page_is_left_as_it_is(tab: Page, server: TabServer) -> None:
    await server.links[0].say(m.Capture(PATTERN))
    await (await Badge.of(tab)).until("Bridge: click Retry")
    natives = "[fetch, XMLHttpRequest, WebSocket].every((each) => `${each}`.includes('[native code]'))"
    assert await tab.evaluate(natives)
    assert tab.url == f"{HOME}/"
    assert await tab.evaluate("Object.keys(window).filter((name) => /bridge/i.test(name))") == []
