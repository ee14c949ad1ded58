import asyncio

from demo.asking import CHAT, ask, plain_arena
from lmarena_bridge.demo.arena import create_arena


async def test_the_report_lists_the_newest_first() -> None:
    async with plain_arena() as (_, client):
        await client.get("/")
        await ask(client, CHAT, ("system", "Be kind"), "Hi #arena:cut=3")
        report = (await client.get("/__arena/requests")).json()
    assert (report["count"], report["open_streams"]) == (2, 0)
    stream, page = report["requests"]
    assert (page["method"], page["path"], page["state"], page["model"]) == ("GET", "/", "finished", None)
    assert (stream["method"], stream["state"], stream["status"]) == ("PUT", "finished", 200)
    assert (stream["model"], stream["side"], stream["directives"]) == ("demo-chat", "a", ["cut=3"])
    assert stream["headers"]["content-type"] == "text/plain;charset=UTF-8"
    assert [message["role"] for message in stream["messages"]] == ["system", "user"]
    assert "body" not in stream


async def test_the_report_can_be_cut_and_filtered() -> None:
    async with plain_arena() as (_, client):
        for _ in range(3):
            await ask(client, CHAT, "Hi")
            await client.get("/")
        streams = (await client.get("/__arena/requests?streams=1")).json()["requests"]
        cut = (await client.get("/__arena/requests?limit=2")).json()["requests"]
    assert [entry["number"] for entry in streams] == [5, 3, 1]
    assert [entry["number"] for entry in cut] == [6, 5]


async def test_a_viewer_that_has_seen_everything_waits_for_news() -> None:
    async with plain_arena() as (_, client):
        seen = (await client.get("/__arena/requests")).json()["version"]
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            waiting = group.create_task(client.get(f"/__arena/requests?seen={seen}"))
            await client.get("/__arena/requests")
            assert not waiting.done()
            await client.get("/")
        assert waiting.result().json()["version"] > seen


async def test_half_an_emoji_does_not_break_the_report() -> None:
    async with plain_arena() as (_, client):
        await ask(client, CHAT, "half \ud83e emoji")
        report = (await client.get("/__arena/requests")).json()
    assert report["requests"][0]["messages"][0]["text"] == "half \ud83e emoji"


async def test_a_login_is_renewed_while_its_page_keeps_asking() -> None:
    async with plain_arena(create_arena()) as (_, client):
        assert "set-cookie" not in (await client.get("/__arena/requests")).headers
        cookie = (await client.get("/")).headers["set-cookie"].partition(";")[0]
        answer = await client.get("/__arena/requests", headers={"cookie": cookie})
        assert answer.headers["set-cookie"].startswith(cookie)
