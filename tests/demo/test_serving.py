import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from demo.asking import CHAT, as_text, ask, retry_body, retry_path, text_of
from lmarena_bridge.demo.answers.bulk import bulk_text
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.serving import SecureArena, chromium_arguments, serve_plainly, serve_securely


def client_of(arena: SecureArena, *, http2: bool = True) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=f"https://localhost:{arena.port}",
        http2=http2,
        verify=ssl.create_default_context(cafile=arena.certificate_path),
        timeout=20,
    )


@asynccontextmanager
async def secured(
    folder: Path, *, http2: bool = True, pace_ms: float = 0
) -> AsyncIterator[tuple[Arena, httpx2.AsyncClient]]:
    """A secure arena and a client that has opened a page, so that it carries the cookie."""
    arena = create_arena(pace_ms=pace_ms)
    async with serve_securely(arena, folder) as place, client_of(place, http2=http2) as client:
        await client.get("/?mode=direct")
        yield arena, client


async def test_the_arena_speaks_http2_and_http1(tmp_path: Path) -> None:
    for http2, version in ((True, "HTTP/2"), (False, "HTTP/1.1")):
        async with secured(tmp_path, http2=http2) as (_, client):
            response = await ask(client, CHAT, "What is 2 + 2?")
            assert response.http_version == version
            assert text_of(response.text) == "That is easy: 2 + 2 = 4."


async def test_twenty_streams_at_once_share_one_connection(tmp_path: Path) -> None:
    async with secured(tmp_path, pace_ms=10) as (arena, client), asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(client, CHAT, f"Say: number {number}")) for number in range(20)]
        await arena.journal.until(lambda journal: journal.open_streams == 20)
    assert [text_of(task.result().text) for task in asked] == [f"number {number}" for number in range(20)]
    assert len({entry.connection for entry in arena.journal.streams()}) == 1


@pytest.mark.parametrize("http2", [True, False])
async def test_a_big_answer_arrives_whole(tmp_path: Path, http2: bool) -> None:
    async with secured(tmp_path, http2=http2) as (_, client):
        response = await ask(client, CHAT, "#arena:size=4000000")
    assert text_of(response.text) == bulk_text(0, 4_000_000)


async def test_a_big_answer_waits_for_its_reader(tmp_path: Path) -> None:
    async with secured(tmp_path, http2=False) as (arena, client):
        request = await _streaming(client, "#arena:size=64000000")
        entry = arena.journal.streams()[-1]
        sent = -1
        async with asyncio.timeout(5):
            while sent != entry.bytes_sent:
                sent = entry.bytes_sent
                for _ in range(200):
                    await asyncio.sleep(0)
        assert sent < 32_000_000
        await request.aclose()
        await arena.journal.until(lambda _: entry.state == "aborted", 1)


async def test_a_client_that_leaves_is_noticed_at_once(tmp_path: Path) -> None:
    """Over HTTP/1.1: httpx2 closes an HTTP/2 answer without telling the server (see test_retry.py)."""
    async with secured(tmp_path, http2=False) as (arena, client):
        response = await _streaming(client, "#arena:hang")
        await anext(response.aiter_raw())
        assert arena.journal.open_streams == 1
        began = time.monotonic()
        await response.aclose()
        await arena.journal.until(lambda journal: journal.open_streams == 0, 1)
        assert time.monotonic() - began < 0.1
        assert arena.journal.streams()[-1].state == "aborted"


@pytest.mark.parametrize("http2", [True, False])
async def test_a_reset_breaks_the_answer_off(tmp_path: Path, http2: bool) -> None:
    async with secured(tmp_path, http2=http2) as (arena, client):
        with pytest.raises(httpx2.TransportError):
            await ask(client, CHAT, "#arena:reset")
        await arena.journal.until(lambda journal: journal.open_streams == 0)
        assert arena.journal.streams()[-1].state == "reset"


@pytest.mark.parametrize("http2", [True, False])
async def test_a_body_above_five_megabytes_is_dropped_as_it_comes(tmp_path: Path, http2: bool) -> None:
    async def too_much() -> AsyncIterator[bytes]:
        for _ in range(90):
            yield b"x" * 65_536

    async with secured(tmp_path, http2=http2) as (arena, client):
        response = await client.put(retry_path(CHAT), content=too_much())
        assert (response.status_code, response.text) == (413, "Request body too large")
        assert arena.journal.streams()[-1].body_bytes == 90 * 65_536
        assert (await ask(client, CHAT, "Hello")).status_code == 200


@pytest.mark.parametrize("http2", [True, False])
async def test_the_arena_stops_within_a_second_while_streams_run(
    tmp_path: Path, http2: bool, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    arena = create_arena()
    async with serve_securely(arena, tmp_path) as place:
        client = client_of(place, http2=http2)
        await client.get("/")
        running = [
            await _streaming(client, f"#arena:{name}") for name in ("hang", "silent=60", "size=90000000")
        ]
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert arena.journal.open_streams == 0
    for response in running:
        with pytest.raises(httpx2.TransportError):
            await response.aread()
    await client.aclose()
    assert (capfd.readouterr(), caplog.records) == (("", ""), [])


async def test_an_error_inside_the_context_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="mine"):
        async with serve_securely(create_arena(), tmp_path):
            raise KeyError("mine")


async def test_the_plain_arena_says_where_it_is() -> None:
    async with serve_plainly(create_arena()) as place, httpx2.AsyncClient() as client:
        assert place.base_url == f"http://127.0.0.1:{place.port}"
        assert (await client.get(place.base_url)).status_code == 200


def test_chromium_is_told_to_find_every_name_of_the_site_here_and_nothing_else() -> None:
    rules, spki, public = chromium_arguments(4321, "HASH=")
    assert "MAP lmarena.ai:443 127.0.0.1:4321" in rules
    assert "MAP canary.arena.ai:443 127.0.0.1:4321" in rules
    assert rules.endswith("MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]")
    assert spki == "--ignore-certificate-errors-spki-list=HASH="
    assert public == "--ip-address-space-overrides=127.0.0.1:4321=public"


async def _streaming(client: httpx2.AsyncClient, question: str) -> httpx2.Response:
    """An answer whose head is there and whose body is not read yet."""
    request = client.build_request("PUT", retry_path(CHAT), **as_text(retry_body(CHAT, question)))
    response = await client.send(request, stream=True)
    assert response.status_code == 200
    return response
