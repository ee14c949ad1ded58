"""Answers on their way through a real tab, byte for byte."""

import asyncio
import hashlib

import pytest
from playwright.async_api import Page

from lmarena_bridge.core.tabs import messages as m
from support.scripted_site import ScriptedSite
from support.tab_server import TabServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
both_worlds = pytest.mark.parametrize("world", ["MAIN", "ISOLATED"])
STREAM = "/nextjs-api/stream"
MIB = 1 << 20


@both_worlds
async def test_an_answer_comes_piece_by_piece_as_the_site_sends_it(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(
        f"{STREAM}?a=b%20c",
        method="PUT",
        headers={"content-type": "text/plain;charset=UTF-8", "x-own": "1"},
        report=("content-type", "X-Limit", "x-missing"),
        body="zażółć 🎯".encode(),
    )
    request = await site.request(STREAM)
    assert (request.method, request.path) == ("PUT", f"{STREAM}?a=b%20c")
    assert request.body == "zażółć 🎯".encode()
    assert request.headers["x-own"] == "1"
    assert request.headers["content-type"] == "text/plain;charset=UTF-8"
    assert request.headers["origin"] == "https://lmarena.ai"
    assert request.headers["cookie"] == "login=yes"
    await request.head(200, {"content-type": "text/event-stream", "x-limit": "7", "x-other": "no"})
    await server.until(lambda: answer.heads, "the head")
    assert answer.head.status == 200
    assert answer.head.headers == {"content-type": "text/event-stream", "x-limit": "7"}
    sent = b""
    for piece in (b'a0:"one"\n', b"\x00\xff", b"x" * 70_000):
        await request.write(piece)
        sent += piece
        await server.received(answer, len(sent))  # each piece before the next is sent: nothing is held back
    await request.end(b"last")
    await server.finished(answer)
    assert answer.data == sent + b"last"
    assert answer.last == m.End(answer.stream, len(sent) + 4)


@both_worlds
async def test_a_character_torn_between_two_reads_stays_whole(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    text = "żółć 🎯 漢字\n".encode()
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    for number in range(len(text)):
        await request.write(text[number : number + 1])
        await server.received(answer, number + 1)
    await request.end()
    await server.finished(answer)
    assert answer.data == text


@both_worlds
async def test_a_refusal_comes_with_its_status_and_headers(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM, method="POST", body=b"{}", report=("retry-after", "content-type"))
    request = await site.request(STREAM)
    await request.head(429, {"retry-after": "0", "content-type": "application/json"})
    await request.end(b'{"error":"slow down"}')
    await server.finished(answer)
    assert answer.head.status == 429
    assert answer.head.headers == {"retry-after": "0", "content-type": "application/json"}
    assert answer.data == b'{"error":"slow down"}'


@both_worlds
async def test_cancel_aborts_the_fetch_at_the_site_and_nothing_more_is_said(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.write(b"so far")
    await server.received(answer, 6)
    await server.cancel(answer)
    await request.until_gone()
    await server.links[-1].say(m.Ping(at=1.5))
    assert (await server.hear(m.Pong)).at == 1.5
    assert answer.last is None
    assert not server.links[-1].heard


async def test_cancel_before_the_site_has_answered_aborts_as_well(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await server.cancel(answer)
    await request.until_gone()


async def test_cancel_reaches_a_fetch_that_waits_for_credit(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM, window=1_000, generous=False)
    request = await site.request(STREAM)
    await request.head()
    await request.write(b"x" * 5_000)
    await server.received(answer, 1_000)
    await server.cancel(answer)
    await request.until_gone()


@both_worlds
async def test_32_mib_come_whole_and_never_beyond_the_credit(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    block = bytes(range(256)) * 256
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    for _ in range(32 * MIB // len(block)):
        await request.write(block)
    await request.end()
    await server.finished(answer)
    assert hashlib.sha256(answer.data).digest() == hashlib.sha256(block * 512).digest()
    assert len(answer.frames) < 32 * MIB // 8_192, "frames carry batches"


async def test_without_credit_the_tab_stops_reading_and_so_does_the_site(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM, window=64 * 1024, generous=False)
    request = await site.request(STREAM)
    await request.head()
    block = b"y" * 65_536
    written = 0
    # Chromium's network process takes up to 64 MiB of a stream nobody reads (156, HTTP/2, 2026-11-24);
    # then the site's write stands still.
    with pytest.raises(TimeoutError):
        for _ in range(80 * MIB // len(block)):
            await asyncio.wait_for(request.write(block), 0.5)
            written += len(block)
    assert len(answer.data) == 64 * 1024
    assert written <= 64 * MIB
    await server.allow(answer, 64 * 1024 + 10)
    await server.received(answer, 64 * 1024 + 10)
    assert len(answer.data) == 64 * 1024 + 10
    await server.cancel(answer)
    await request.until_gone()


async def test_a_slow_stream_holds_up_nobody_else(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    slow = await server.fetch(f"{STREAM}/slow", window=100, generous=False)
    slow_request = await site.request(f"{STREAM}/slow")
    await slow_request.head()
    await slow_request.write(b"s" * 200_000)
    await server.received(slow, 100)
    fast = await server.fetch(f"{STREAM}/fast")
    fast_request = await site.request(f"{STREAM}/fast")
    await fast_request.head()
    await fast_request.end(b"f" * 300_000)
    await server.finished(fast)
    assert len(fast.data) == 300_000
    assert len(slow.data) == 100
    await server.cancel(slow)


@both_worlds
async def test_twenty_answers_at_once_come_each_to_its_own_end(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answers = [
        await server.fetch(f"{STREAM}/{number}", body=b"%d" % number, method="POST") for number in range(20)
    ]
    requests = [await site.request(f"{STREAM}/{number}") for number in range(20)]
    for request in requests:
        await request.head()
    for turn in range(10):
        for number, request in enumerate(requests):
            await request.write(b"%d:%d\n" % (number, turn))
    for request in requests:
        await request.end()
    for number, answer in enumerate(answers):
        await server.finished(answer)
        assert answer.data == b"".join(b"%d:%d\n" % (number, turn) for turn in range(10))
        assert requests[number].body == b"%d" % number


async def test_thousands_of_small_lines_travel_in_few_frames(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    lines = b'a0:"word "\n' * 20_000
    await request.end(lines)
    await server.finished(answer)
    assert answer.data == lines
    assert len(answer.frames) < 100


async def test_an_empty_answer_ends_at_nothing(tab: Page, server: TabServer, site: ScriptedSite) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head(204)
    await request.end()
    await server.finished(answer)
    assert (answer.head.status, answer.last) == (204, m.End(answer.stream, 0))


async def test_an_answer_that_breaks_off_brings_its_bytes_and_then_the_failure(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM)
    request = await site.request(STREAM)
    await request.head()
    await request.write(b"half an ans")
    await server.received(answer, 11)
    await request.break_off()
    await server.finished(answer)
    assert answer.data == b"half an ans"
    assert isinstance(answer.last, m.Failed)
    assert answer.last.reason == "network"
    assert "TypeError" in answer.last.message


@pytest.mark.parametrize(
    "path",
    [
        "https://arena.ai/x",
        "//arena.ai/x",
        "/\\arena.ai/x",
        "nextjs-api/x",
        "",
        "https://lmarena.ai/x",
        "/\t/arena.ai",
    ],
)
async def test_what_is_no_path_of_the_site_is_refused(tab: Page, server: TabServer, path: str) -> None:
    answer = await server.fetch(path)
    await server.finished(answer)
    assert isinstance(answer.last, m.Failed)
    assert answer.last.reason == "refused"
    assert not answer.heads


async def test_a_redirect_is_not_followed(tab: Page, server: TabServer) -> None:
    answer = await server.fetch("/sent-away")
    await server.finished(answer)
    assert isinstance(answer.last, m.Failed)
    assert answer.last.reason == "redirected"


@both_worlds
async def test_the_source_of_the_page_comes_like_an_answer(tab: Page, server: TabServer) -> None:
    answer = await server.page(window=1_000)
    await server.finished(answer)
    source = answer.data.decode("utf-8")
    assert answer.head.status == 200
    assert source.startswith("<html")
    assert "Zażółć gęślą jaźń 🎯" in source
    assert "nextjs-api/stream/retry" in source


async def test_a_ping_is_answered_with_its_own_time(tab: Page, server: TabServer) -> None:
    await server.links[-1].say(m.Ping(at=12.75))
    assert (await server.hear(m.Pong)).at == 12.75


async def test_unknown_and_unreadable_messages_harm_nothing(tab: Page, server: TabServer) -> None:
    await server.links[-1].say_raw('{"type": "of another version", "stream": 1}')
    await server.links[-1].say_raw("no JSON at all")
    await server.links[-1].say(m.Ping(at=2.5))
    assert (await server.hear(m.Pong)).at == 2.5


async def test_a_fetch_the_tab_already_has_is_ignored(
    tab: Page, server: TabServer, site: ScriptedSite
) -> None:
    answer = await server.fetch(STREAM, body=b"first", method="POST")
    request = await site.request(STREAM)
    assert isinstance(answer.order, m.Fetch)
    await server.links[-1].say(answer.order, b"second")
    await server.links[-1].say(m.Ping(at=1.0))
    await server.hear(m.Pong)
    await request.head()
    await request.end(request.body)
    await server.finished(answer)
    assert answer.data == b"first"
    assert site.nothing_came(STREAM)


async def test_the_hello_tells_who_the_tab_is(tab: Page, server: TabServer, world: str) -> None:
    hello = server.links[0].hello
    assert hello.origin == "https://lmarena.ai"
    assert hello.path == "/"
    assert hello.visibility == "visible"
    assert hello.version == "0.1.0"
    assert hello.browser.startswith(("Chromium", "Google Chrome", "Microsoft Edge", "Brave"))
    assert " on " in hello.browser
    assert len(hello.tab) > 20
    assert hello.profile == await tab.evaluate("localStorage.getItem('lmarena-bridge-profile')")
