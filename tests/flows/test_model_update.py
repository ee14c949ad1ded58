"""The site's models through a tab: over real sockets, from the arena's pages to the file."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from lmarena_bridge.cli.demo import until_connected
from lmarena_bridge.demo import pages, refusals
from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.demo.flight import push_scripts
from lmarena_bridge.demo.models import DEMO_MODELS, sessions_of
from lmarena_bridge.demo.serving import serve_plainly
from lmarena_bridge.server import model_update
from lmarena_bridge.storage.available_models import available_models_path, write_available_models
from support.chain import Chain, chain

UPDATE = "/internal/request_model_update"
TAKE = "/internal/update_available_models"

Pages = Callable[[str], tuple[int, str]]


def site(pages_of: Pages, asked: list[str]) -> ASGIApp:
    """A site that answers each address (path and query) with a status and a page."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            address = scope["path"] + ("?" if scope["query_string"] else "") + scope["query_string"].decode()
            asked.append(address)
            status, page = pages_of(address)
            headers = [(b"content-type", b"text/html; charset=utf-8")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": page.encode()})

    return app


@asynccontextmanager
async def tab_on(folder: Path, pages_of: Pages, asked: list[str]) -> AsyncIterator[Chain]:
    """A bridge whose only tab is on such a site."""
    async with serve_plainly(site(pages_of, asked)) as plain, chain(folder, tab=False) as running:
        running.site = plain.base_url
        running.open_tab()
        await until_connected(running.server)
        yield running


async def post(chain: Chain, path: str, **more: Any) -> httpx2.Response:
    token = chain.server.services.internal_token
    return await chain.client.post(path, headers={"authorization": f"Bearer {token}"}, **more)


def kept(chain: Chain) -> Any:
    path = available_models_path(chain.server.services.home)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


async def test_the_tab_is_asked_and_its_models_are_kept(chain: Chain) -> None:
    said = (await post(chain, UPDATE)).json()
    assert kept(chain) == arena_objects()
    assert said["models"] == len(arena_objects())
    assert said["types"] == {"text": 8, "search": 1, "image": 1, "video": 2}
    assert said["first"] is True
    assert len(said["new"]) == len(arena_objects())
    assert [each["name"] for each in said["new"] if each["type"] == "video"] == [
        "demo-video-text",
        "demo-video-image",
    ]


async def test_what_is_different_from_last_time_is_told(chain: Chain) -> None:
    before = [dict(each) for each in arena_objects()][2:]
    before[0] |= {"publicName": "demo-search-old", "rank": 77}
    before[1] |= {"rank": 77}
    gone = {"id": "gone-1", "publicName": "gone"}
    write_available_models(chain.server.services.home, [gone, *before])
    said = (await post(chain, UPDATE)).json()
    assert said["first"] is False
    assert [each["name"] for each in said["new"]] == ["demo-chat", "demo-thinker"]
    assert said["gone"] == [{"id": "gone-1", "name": "gone", "type": "text"}]
    assert said["changed"] == [
        {
            "id": DEMO_MODELS[2].model_id,
            "name": "demo-search",
            "type": "search",
            "changes": ["name demo-search-old → demo-search"],
        }
    ]
    again = (await post(chain, UPDATE)).json()
    assert (again["new"], again["gone"], again["changed"]) == ([], [], [])


async def test_a_damaged_file_is_replaced(chain: Chain) -> None:
    available_models_path(chain.server.services.home).write_text("[{", encoding="utf-8")
    assert (await post(chain, UPDATE)).json()["first"] is True
    assert kept(chain) == arena_objects()


async def test_a_page_without_models_makes_the_tab_fetch_one_that_has_them(tmp_path: Path) -> None:
    asked: list[str] = []

    def pages_of(address: str) -> tuple[int, str]:
        return 200, pages.home_page() if address == "/?mode=direct" else "<html>About us</html>"

    async with tab_on(tmp_path, pages_of, asked) as running:
        assert (await post(running, UPDATE)).json()["models"] == len(arena_objects())
        assert asked == ["/", "/?mode=direct"]


async def test_when_no_page_has_models_the_person_is_told_and_the_old_list_stays(tmp_path: Path) -> None:
    async with tab_on(tmp_path, lambda _: (200, "<html>About us</html>"), []) as running:
        write_available_models(running.server.services.home, [{"id": "1", "publicName": "A"}])
        answer = await post(running, UPDATE)
        assert answer.status_code == 502
        assert answer.json()["error"]["code"] == "no_model_list"
        assert "start page" in answer.json()["error"]["message"]
        assert kept(running) == [{"id": "1", "publicName": "A"}]


async def test_a_refusal_of_the_site_is_told(tmp_path: Path) -> None:
    def pages_of(address: str) -> tuple[int, str]:
        return (429, "Too many requests") if "?" in address else (200, "<html>")

    async with tab_on(tmp_path, pages_of, []) as running:
        assert (await post(running, UPDATE)).json()["error"]["code"] == "rate_limited"


@pytest.mark.parametrize("status", [200, 403])
async def test_a_check_is_never_gone_around(tmp_path: Path, status: int) -> None:
    asked: list[str] = []
    async with tab_on(tmp_path, lambda _: (status, refusals.CHALLENGE_PAGE), asked) as running:
        answer = await post(running, UPDATE)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "human_verification_required"
        assert asked == ["/"]
        (tab,) = running.server.services.hub.tabs
        assert tab.attention


async def test_a_page_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_update, "MAX_PAGE_BYTES", 1024 * 1024)
    async with tab_on(tmp_path, lambda _: (200, "x" * 1_100_000), []) as running:
        assert (await post(running, UPDATE)).json()["error"]["code"] == "page_too_large"
        await running.until_idle()


async def test_without_a_tab_it_is_said_that_there_is_none(tmp_path: Path) -> None:
    async with chain(tmp_path, tab=False, settings={"tab_wait_seconds": 1}) as running:
        answer = await post(running, UPDATE)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "no_tab"


async def test_a_page_can_be_sent_as_in_earlier_bridges(chain: Chain) -> None:
    page = pages.conversation_page(sessions_of(DEMO_MODELS[0].session_id))
    for body in (page, pages.flight()):
        answer = await post(chain, TAKE, content=body.encode())
        assert answer.json()["models"] == len(arena_objects())
        assert kept(chain) == arena_objects()


async def test_a_sent_page_without_models_is_refused(chain: Chain) -> None:
    for body in (b"", b"<html>", b"\xff\xfe\x00", push_scripts(["{" * 1_000_000]).encode()):
        answer = await post(chain, TAKE, content=body)
        assert answer.json()["error"]["code"] == "no_model_list"
    assert kept(chain) is None


async def test_a_sent_page_has_a_limit(chain: Chain) -> None:
    answer = await post(chain, TAKE, content=b"x" * (model_update.MAX_PAGE_BYTES + 1))
    assert answer.status_code == 413
    assert "64 MiB" in answer.json()["error"]["message"]


async def test_a_page_that_breaks_off_changes_nothing(
    chain: Chain, capfd: pytest.CaptureFixture[str]
) -> None:
    services, url = chain.server.services, httpx2.URL(chain.server.url)
    page = pages.flight().encode()
    head = [
        f"POST {TAKE} HTTP/1.1",
        f"host: localhost:{url.port}",
        f"authorization: Bearer {services.internal_token}",
        f"content-length: {len(page) + 1}",
    ]
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write("\r\n".join([*head, "", ""]).encode() + page)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await post(chain, TAKE, content=b"")).status_code == 502
    assert kept(chain) is None
    assert "internal error" not in "".join(capfd.readouterr())


async def test_nobody_without_the_token_may_change_the_list(chain: Chain) -> None:
    for path in (UPDATE, TAKE):
        answer = await chain.client.post(path, content=pages.flight().encode())
        assert answer.status_code == 401
    assert kept(chain) is None


async def test_chats_go_on_while_models_are_read(chain: Chain) -> None:
    async with chain.asking("Hello!") as answer:
        assert answer.status_code == 200
        assert (await post(chain, UPDATE)).status_code == 200
        assert b"[DONE]" in await answer.aread()
