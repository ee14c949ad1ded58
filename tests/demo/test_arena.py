import pytest

from demo.asking import CHAT, plain_arena
from demo.test_flight import models_in, put_together
from lmarena_bridge.demo.arena import create_arena
from lmarena_bridge.demo.catalogue import site_models

CONVERSATION = f"/c/{CHAT.session_id}"


@pytest.mark.parametrize(
    "path", ["/", "/?mode=direct", "/c/new?chat-modality=image", CONVERSATION, f"/zh{CONVERSATION}"]
)
async def test_every_page_is_there_and_carries_the_models(path: str) -> None:
    async with plain_arena() as (_, client):
        page = await client.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert models_in(put_together(page.text)) == site_models()
    assert page.headers["set-cookie"].startswith("arena-auth-prod-v1=base64-")


@pytest.mark.parametrize("path", ["/c/nobody", "/nowhere", "/__arena/static/secret.py", "/a/b/c/d"])
async def test_what_is_not_there_is_a_404_page(path: str) -> None:
    async with plain_arena() as (_, client):
        page = await client.get(path)
    assert page.status_code == 404
    assert "This page could not be found" in page.text
    assert "set-cookie" not in page.headers


async def test_the_policy_of_a_page_lets_sockets_out_or_not() -> None:
    async with plain_arena() as (_, client):
        usual = (await client.get("/")).headers["content-security-policy"]
        strict = (await client.get(f"{CONVERSATION}?csp=strict")).headers["content-security-policy"]
    assert "connect-src 'self' ws: wss: http://127.0.0.1:*" in usual
    assert strict.endswith("connect-src 'self'")


async def test_a_page_can_be_a_challenge() -> None:
    async with plain_arena() as (_, client):
        page = await client.get("/?challenge=1")
    assert (page.status_code, page.headers["cf-mitigated"]) == (403, "challenge")
    assert "<title>Just a moment...</title>" in page.text


async def test_a_page_can_leave_its_visitor_without_a_login() -> None:
    async with plain_arena() as (_, client):
        assert "set-cookie" not in (await client.get("/?login=none")).headers


async def test_next_asks_for_the_data_of_a_page_alone() -> None:
    async with plain_arena() as (_, client):
        answer = await client.get("/?mode=direct", headers={"RSC": "1"})
    assert answer.headers["content-type"].startswith("text/x-component")
    assert models_in(answer.text) == site_models()


@pytest.mark.parametrize(
    ("name", "content_type"), [("arena.css", "text/css"), ("arena.js", "text/javascript")]
)
async def test_style_and_script_of_the_pages(name: str, content_type: str) -> None:
    async with plain_arena() as (arena, client):
        answer = await client.get(f"/__arena/static/{name}")
        assert answer.headers["content-type"] == f"{content_type}; charset=utf-8"
        assert len(answer.text) > 1000
        assert arena.journal.count == 0


async def test_a_picture_nobody_drew_is_denied() -> None:
    async with plain_arena() as (_, client):
        answer = await client.get("/images/abc.png?X-Amz-Signature=x")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/xml")


async def test_two_arenas_know_nothing_of_each_other() -> None:
    async with plain_arena() as (first, client):
        await client.get("/")
    assert first.journal.count == 1
    assert create_arena().journal.count == 0
