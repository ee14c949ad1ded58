import asyncio
import json
import time
from pathlib import Path
from typing import Any

import h2.events
import httpx2
import pytest

from demo.asking import (
    CHAT,
    as_text,
    ask,
    model,
    parts,
    plain_arena,
    retry_body,
    retry_path,
    text_of,
)
from demo.wire.apps import raw_http2
from lmarena_bridge.demo.arena import create_arena
from lmarena_bridge.demo.models import DEMO_MODELS, DEMO_POOL, DemoModel

MATCHED = "/nextjs-api/stream/retry-evaluation-session-message/[evaluationSessionId]/messages/[messageId]"


@pytest.mark.parametrize(
    "to", DEMO_MODELS + DEMO_POOL, ids=lambda each: f"{each.name}-{each.session_id[-2:]}"
)
async def test_every_session_answers(to: DemoModel) -> None:
    async with plain_arena() as (arena, client):
        response = await ask(client, to, ("system", "Be kind"), "Hi", "Hello", "What is 2 + 2?")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream"
        assert response.headers["x-matched-path"] == MATCHED
        assert response.headers["ratelimit"].startswith("limit=3000, remaining=2999, ")
        assert (to.side, "d", {"finishReason": "stop"}) in parts(response.text)
        entry = arena.journal.streams()[-1]
    assert (entry.model, entry.side, entry.state) == (to.name, to.side, "finished")
    assert entry.bytes_sent == len(response.content)
    assert [each["role"] for each in entry.messages] == ["system", "user", "assistant", "user"]


async def test_the_cookie_of_a_page_is_needed() -> None:
    async with plain_arena(create_arena(pace_ms=0)) as (arena, client):
        assert (await ask(client, CHAT, "Hi")).status_code == 401
        page = await client.get("/")
        # Secure cookies do not travel over plain http by themselves.
        cookie = page.headers["set-cookie"].partition(";")[0]
        client.headers["cookie"] = cookie
        assert (await ask(client, CHAT, "Hi")).status_code == 200
        stranger = (await client.get("/?login=stranger")).headers["set-cookie"].partition(";")[0]
        client.headers["cookie"] = stranger
        refused = await ask(client, CHAT, "Hi")
        assert refused.status_code == 401
        assert "does not have access to evaluation session" in refused.json()["error"]
        assert [entry.cookie for entry in arena.journal.streams()] == [False, True, True]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"session_id": "019ade00-0000-7000-8000-000000000000"}, 401, "does not have access"),
        ({"message_id": "019ade00-0000-7000-8000-000000000000"}, 404, "Message not found"),
        ({"message_id": "019ade00-0003-7c00-8c00-0000000000f0"}, 400, "already has feedback"),
    ],
)
async def test_wrong_ids_are_refused(change: dict[str, str], status: int, error: str) -> None:
    ids = {"session_id": CHAT.session_id, "message_id": CHAT.message_id} | change
    path = retry_path(CHAT).replace(CHAT.session_id, ids["session_id"])
    path = path.replace(CHAT.message_id, ids["message_id"])
    async with plain_arena() as (arena, client):
        response = await client.put(path, **as_text(retry_body(CHAT, "Hi")))
        assert arena.journal.streams()[-1].state == "refused"
    assert response.status_code == status
    assert error in response.json()["error"]


async def test_a_wrongly_shaped_body_is_refused_in_the_words_of_zod() -> None:
    body = retry_body(CHAT, "Hi")
    body["messages"][0]["metadata"] = None
    async with plain_arena() as (_, client):
        response = await client.put(retry_path(CHAT), **as_text(body))
    assert response.status_code == 400
    [issue] = response.json()["error"]["issues"]
    assert issue["path"] == ["messages", 0, "metadata"]
    assert issue["message"] == "Expected object, received null"


@pytest.mark.parametrize(("content", "status"), [(b"{", 400), (b"", 400), (b"\xff", 400)])
async def test_a_body_that_is_no_json_is_refused(content: bytes, status: int) -> None:
    async with plain_arena() as (_, client):
        response = await client.put(retry_path(CHAT), content=content, headers={"content-type": "text/plain"})
    assert response.status_code == status


async def test_the_same_message_ids_do_not_come_twice() -> None:
    body = as_text(retry_body(CHAT, "Hi"))
    async with plain_arena() as (_, client):
        first = await client.put(retry_path(CHAT), **body)
        second = await client.put(retry_path(CHAT), **body)
    assert (first.status_code, second.status_code) == (200, 400)


async def test_a_refusal_on_request_ends_after_the_wanted_times() -> None:
    async with plain_arena() as (_, client):
        statuses = [(await ask(client, CHAT, "Hi #arena:502 #arena:times=2")).status_code for _ in range(3)]
    assert statuses == [502, 502, 200]


async def test_429_says_what_the_site_said() -> None:
    async with plain_arena() as (_, client):
        response = await ask(client, CHAT, "Hi #arena:429=12")
    assert (response.status_code, response.text) == (429, "Too many requests, please try again later.")
    assert response.headers["retry-after"] == "0"
    assert response.headers["ratelimit"] == "limit=0, remaining=0, reset=12"


async def test_a_slow_answer_waits_before_its_head_and_a_silent_one_behind_it() -> None:
    async with plain_arena() as (arena, client):
        for directive, status in (("slow=60", None), ("silent=60", 200)):
            async with asyncio.TaskGroup() as group:
                asking = group.create_task(ask(client, CHAT, f"#arena:{directive}"))
                number = arena.journal.count + 1
                await arena.journal.until(
                    lambda journal, number=number: (  # type: ignore[misc]
                        journal.count == number and bool(journal.entries[-1].directives)
                    )
                )
                if status:
                    await arena.journal.until(lambda journal: journal.entries[-1].status is not None)
                entry = arena.journal.entries[-1]
                assert (entry.status, entry.bytes_sent) == (status, 0)
                asking.cancel()
            await arena.journal.until(lambda journal: journal.open_streams == 0, 1)
            assert entry.state == "aborted"


async def test_nothing_at_all_is_an_answer_too() -> None:
    async with plain_arena() as (_, client):
        response = await ask(client, CHAT, "#arena:empty")
    assert (response.status_code, response.content) == (200, b"")


async def test_a_picture_can_be_opened_by_the_link_in_the_stream() -> None:
    async with plain_arena() as (arena, client):
        response = await ask(client, model("demo-painter"), "a boat")
        [picture] = parts(response.text)[-2][2]
        assert picture["image"].startswith(f"{client.base_url}/images/")
        png = await client.get(picture["image"])
        assert (png.status_code, png.headers["content-type"]) == (200, "image/png")
        assert png.content.startswith(b"\x89PNG")
        arena.image_base = "http://127.0.0.1:9"
        elsewhere = await ask(client, model("demo-painter"), "a boat")
        assert '"image":"http://127.0.0.1:9/images/' in elsewhere.text


async def test_attachments_are_told_back() -> None:
    body = retry_body(CHAT, "What did I attach?")
    body["messages"][0]["experimental_attachments"] = [
        {"name": "a.txt", "contentType": "text/plain", "url": "data:text/plain;base64,aGVsbG8="}
    ]
    async with plain_arena() as (_, client):
        response = await client.put(retry_path(CHAT), **as_text(body))
    assert text_of(response.text) == "You attached 1 file: a.txt (text/plain, 5 bytes)."


async def test_a_client_that_leaves_before_its_body_is_whole_is_no_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with plain_arena() as (arena, client):
        port = client.base_url.port
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"PUT {retry_path(CHAT)} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
        writer.write(head.encode("ascii"))
        await writer.drain()
        await arena.journal.until(lambda journal: journal.open_streams == 1)
        writer.close()
        await arena.journal.until(lambda journal: journal.open_streams == 0, 1)
    assert arena.journal.entries[-1].state == "aborted"
    assert caplog.records == []


async def test_a_stream_reset_over_http2_is_noticed_at_once(tmp_path: Path) -> None:
    arena = create_arena(require_login=False)
    async with raw_http2(arena, tmp_path) as client:
        stream_id = client.request(
            retry_path(CHAT), method="PUT", end=False, headers=[("content-type", "text/plain")]
        )
        body = json.dumps(retry_body(CHAT, "#arena:hang")).encode("utf-8")
        client.h2.send_data(stream_id, body, end_stream=True)
        client.flush()
        await client.until(lambda event: isinstance(event, h2.events.DataReceived))
        began = time.monotonic()
        client.h2.reset_stream(stream_id)
        client.flush()
        await arena.journal.until(lambda journal: journal.open_streams == 0, 1)
    assert time.monotonic() - began < 0.1
    assert arena.journal.entries[-1].state == "aborted"


async def test_the_old_path_is_gone() -> None:
    async with plain_arena() as (_, client):
        old = retry_path(CHAT).replace("/nextjs-api/", "/api/")
        response = await client.put(old, **as_text(retry_body(CHAT, "Hi")))
        assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=UTF-8")
        assert (await client.post(retry_path(CHAT), json={})).status_code == 405


async def test_the_answer_under_another_server_needs_no_extension() -> None:
    arena = create_arena(require_login=False, pace_ms=0)
    transport = httpx2.ASGITransport(arena)
    async with httpx2.AsyncClient(transport=transport, base_url="http://arena") as client:
        response: Any = await ask(client, CHAT, "What is 2 + 2?")
    assert text_of(response.text) == "That is easy: 2 + 2 = 4."
