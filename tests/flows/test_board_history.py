"""Requests as the page shows them: while they run, when they have ended, and days later."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from lmarena_bridge.cli.assembly import bridge_server
from lmarena_bridge.storage.history import History
from support.chain import Chain, chain, until

OWN = {"sec-fetch-site": "same-origin"}


async def rows(chain: Chain, **wanted: Any) -> list[dict[str, Any]]:
    await asyncio.to_thread(history(chain).settled)
    answer = await chain.client.get("/internal/history", params=wanted, headers=OWN)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["requests"]
    return found


def history(chain: Chain) -> History:
    return chain.server.services.board.history


def kept(chain: Chain) -> bytes:
    """With what SQLite keeps beside the file."""
    path = history(chain)._path
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


async def test_an_answer_is_written_down_with_its_figures_and_without_its_words(chain: Chain) -> None:
    await chain.ask("What is 6 * 7?")
    (row,) = await rows(chain)
    assert (row["model"], row["status"], row["attempts"], row["kind"]) == ("demo-chat", 200, 1, "text")
    assert 0 <= row["prepared"] <= row["first"] <= row["total"] < 20
    assert row["session"].startswith("019")
    assert row["tab"] == chain.server.services.hub.tabs[0].tab
    assert row["answered"] > 0
    assert row["tokens"] > 0
    assert row["asked"] == len("What is 6 * 7?")
    assert row["client"].startswith("python-httpx")
    text = await chain.client.get(f"/internal/history/{row['id']}/text", headers=OWN)
    assert text.status_code == 404
    assert b"demo-chat" in kept(chain)
    assert b"6 * 7" not in kept(chain)


async def test_a_refusal_is_written_down_with_its_code(chain: Chain) -> None:
    await chain.ask(model="demo-unknown")
    (row,) = await rows(chain)
    assert (row["status"], row["code"], row["first"]) == (404, "model_not_found", None)
    assert await rows(chain, failed=True) == [row]


async def test_each_of_several_answers_is_a_row_of_its_own(chain: Chain) -> None:
    await chain.ask(n=2)
    assert [row["status"] for row in await rows(chain)] == [200, 200]


async def test_a_client_that_leaves_is_told_apart_from_a_failure(chain: Chain) -> None:
    watch = chain.server.services.board.watch
    async with chain.asking("/slow 100 50") as response:
        await anext(response.aiter_lines())
        assert len(watch.running) == 1
    await until(lambda: not watch.running)
    (row,) = await rows(chain)
    assert (row["status"], row["code"]) == (499, "client_left")


@pytest.fixture
async def recording(tmp_path: Any) -> AsyncGenerator[Chain, None]:
    async with chain(tmp_path, settings={"record_conversations": True}) as running:
        yield running


async def test_who_switches_it_on_finds_prompts_and_answers_again(recording: Chain) -> None:
    await recording.ask("What is 6 * 7?")
    (row,) = await rows(recording)
    text = (await recording.client.get(f"/internal/history/{row['id']}/text", headers=OWN)).json()
    assert text["prompt"] == "user: What is 6 * 7?"
    assert "42" in text["answer"]
    assert (await recording.client.delete("/internal/history", headers=OWN)).status_code == 200
    assert await rows(recording) == []


async def test_a_server_that_is_started_again_knows_what_was_before(tmp_path: Any) -> None:
    async with chain(tmp_path) as running:
        await running.ask()
        (row,) = await rows(running)
        home = running.server.services.home.path
    async with bridge_server(home, port=0) as again:
        watch = again.services.board.watch
        assert [each.id for each in watch.ended] == [row["id"]]
        assert watch.others_answered


@pytest.fixture
async def silent(tmp_path: Any) -> AsyncGenerator[Chain, None]:
    async with chain(tmp_path, settings={"record_requests": False}) as running:
        yield running


async def test_who_switches_it_off_leaves_no_trace(silent: Chain) -> None:
    await silent.ask()
    assert await rows(silent) == []
    assert not history(silent)._path.exists()


async def test_figures_add_up(chain: Chain) -> None:
    await chain.ask("one")
    await chain.ask(model="demo-unknown")
    await rows(chain)
    for span, count in (("hour", 60), ("day", 48), ("week", 28)):
        answer = await chain.client.get("/internal/statistics", params={"span": span}, headers=OWN)
        steps = answer.json()["steps"]
        assert len(steps) == count
        assert sum(step["answered"] for step in steps) == 1
        assert sum(step["failed"] for step in steps) == 1
        assert sum(step["tokens"] for step in steps) > 0


async def test_the_page_s_own_chat_needs_no_key_and_nobody_else_can_use_its_pass(tmp_path: Any) -> None:
    async with chain(tmp_path, settings={"api_key": "the key"}) as running:
        given = (await running.client.post("/internal/pass", headers=OWN)).json()["pass"]
        bearer = {"authorization": f"Bearer {given}"}
        body = {"model": "demo-chat", "messages": [{"role": "user", "content": "hi"}]}
        own = {**bearer, "origin": running.server.url, "sec-fetch-site": "same-origin"}
        ask = running.client.post
        assert (await ask("/v1/chat/completions", json=body, headers=own)).status_code == 200
        assert (await rows(running))[0]["client"] == "start page"
        assert (await ask("/v1/chat/completions", json=body, headers=bearer)).status_code == 401
        other = {**bearer, "origin": "https://evil.example"}
        assert (await ask("/v1/chat/completions", json=body, headers=other)).status_code == 403
        assert (await ask("/internal/pass")).status_code == 401


async def test_what_is_refused_before_a_model_is_asked_is_written_down_too(tmp_path: Any) -> None:
    async with chain(tmp_path, settings={"api_key": "the-persons-key"}) as running:
        wrong, right = {"authorization": "Bearer wrong"}, {"authorization": "Bearer the-persons-key"}
        path = "/v1/chat/completions"
        await running.client.post(path, json={}, headers=wrong)
        await running.client.post(path, content=b"{", headers=right)
        await running.client.post("/v1/nothing", json={}, headers=right)
        await running.client.post("/v1/images/generations", json={"prompt": 5}, headers=right)
        await running.client.post("/v1/messages", json={"model": 5}, headers=right)
        await running.client.post("/v1/responses", json={"model": 5}, headers=right)
        await running.client.post("/v1/completions", json={"model": 5}, headers=right)
        await running.client.post(path, json={}, headers={**right, "idempotency-key": "x" * 1000})
        found = list(reversed(await rows(running)))
        assert [row["status"] for row in found] == [401, 400, 404, 400, 400, 400, 400, 400]
        assert [row["code"] for row in found][:3] == ["invalid_api_key", "invalid_request", "unknown_url"]
        assert found[0]["message"].startswith(f"POST {path}: ")
        assert found[2]["message"].startswith("POST /v1/nothing: ")
        assert {row["model"] for row in found} == {""}
        assert all("python-httpx" in row["client"] for row in found)
        assert b"invalid_api_key" in kept(running)
        assert b"wrong" not in kept(running)


async def test_looking_around_is_no_request_to_a_model(chain: Chain) -> None:
    await chain.client.get("/v1/nothing")
    await chain.client.get("/v1/chat/completions")
    await chain.client.post("/nothing", json={})
    await chain.client.post("/internal/nothing", json={}, headers=OWN)
    assert await rows(chain) == []


async def test_a_flood_of_wrong_keys_leaves_a_few_rows(tmp_path: Any) -> None:
    async with chain(tmp_path, settings={"api_key": "the-persons-key"}) as running:
        for number in range(60):
            headers = {"authorization": f"Bearer wrong-{number}"}
            await running.client.post("/v1/chat/completions", json={}, headers=headers)
        assert 10 <= len(await rows(running)) < 15
