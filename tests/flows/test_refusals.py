"""What goes wrong at the site is told with its true status, and says what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.chain import Chain, records, text_of
from support.chain import chain as start


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("directive", "status", "code", "words"),
    [
        ("400", 502, "session_expired", "session capture"),
        ("401", 502, "session_expired", "session capture"),
        ("404", 404, "model_gone", "models update"),
        ("413", 413, "request_too_large", "5 MB"),
        ("422", 422, "content_refused", "Change the prompt"),
        ("429", 429, "rate_limited", "Try again in"),
        ("429-json", 429, "rate_limited", "Try again in"),
        ("500", 500, "site_unavailable", "HTTP 500"),
        ("502", 502, "site_unavailable", "Try again"),
        ("503", 503, "site_unavailable", "Try again"),
        ("504", 504, "site_unavailable", "Try again"),
        ("empty", 502, "empty_answer", "attachment"),
        ("arena-error", 502, "arena_error", "Try again"),
        ("error-object", 502, "arena_error", "Try again"),
    ],
)
async def test_a_refusal_before_the_first_word_has_its_true_status(
    chain: Chain, directive: str, status: int, code: str, words: str, streamed: bool
) -> None:
    answer = await chain.ask(f"#arena:{directive}", stream=streamed)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert words in error["message"]
    assert answer.headers["content-type"] == "application/json"
    await chain.until_idle()


@pytest.mark.parametrize("directive", ["403", "challenge", "html", "blocked"])
async def test_a_human_check_stops_work_in_this_tab_until_the_person_was_there(
    chain: Chain, directive: str
) -> None:
    answer = await chain.ask(f"#arena:{directive}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "human_verification_required")
    assert answer.headers["x-should-retry"] == "false"
    hub = chain.server.services.hub
    (tab,) = hub.tabs
    assert tab.attention
    assert (await chain.client.get("/readyz")).json()["reason"] == tab.attention
    hub.attended(tab.tab)
    assert (await chain.ask("hi again")).status_code == 200


async def test_while_a_tab_needs_attention_the_next_caller_is_told_the_same(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"tab_wait_seconds": 0}) as chain:
        await chain.ask("#arena:challenge")
        answer = await chain.ask("hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "human_verification_required")


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("torn", "malformed_stream"),
        ("torn-utf8", "malformed_stream"),
        ("no-finish", "malformed_stream"),
        ("error-line", "arena_error"),
        ("finish=error", "arena_error"),
        ("reset", "site_unreachable"),
    ],
)
async def test_what_goes_wrong_after_the_first_word_is_said_in_the_stream(
    chain: Chain, directive: str, code: str
) -> None:
    async with chain.asking(f"hello #arena:{directive}") as response:
        assert response.status_code == 200
        *chunks, last, done = [record async for record in records(response)]
    assert done == "[DONE]"
    assert text_of(chunks)
    assert "choices" not in last
    assert last["error"]["code"] == code
    assert all(chunk["choices"][0]["finish_reason"] is None for chunk in chunks)


@pytest.mark.parametrize("directive", ["torn", "no-finish", "error-line", "finish=error", "reset"])
async def test_a_whole_answer_that_was_cut_off_is_an_error(chain: Chain, directive: str) -> None:
    assert (await chain.ask(f"hello #arena:{directive}")).status_code == 502


@pytest.mark.parametrize(("reason", "told"), [("length", "length"), ("content-filter", "content_filter")])
async def test_reasons_to_stop_are_told_in_the_words_of_the_api(chain: Chain, reason: str, told: str) -> None:
    answer = await chain.ask(f"hello #arena:finish={reason}")
    assert answer.json()["choices"][0]["finish_reason"] == told


# -- before the site is asked ------------------------------------------------------------------------------


async def refused(folder: Path, model: str = "demo-chat", **settings: Any) -> dict[str, Any]:
    async with start(folder, settings={"tab_wait_seconds": 0, **settings}, tab=False) as chain:
        answer = await chain.ask("hi", model)
        error: dict[str, Any] = answer.json()["error"]
        return {"status": answer.status_code, **error}


async def test_without_a_tab_the_person_is_told_to_open_one(tmp_path: Path) -> None:
    error = await refused(tmp_path)
    assert (error["status"], error["code"]) == (503, "no_tab")
    assert "https://lmarena.ai" in error["message"]


async def test_an_unknown_model_is_met_with_the_nearest(tmp_path: Path) -> None:
    error = await refused(tmp_path, "demo-chatt")
    assert (error["status"], error["code"], error["param"]) == (404, "model_not_found", "model")
    assert "demo-chat" in error["message"]


@pytest.mark.parametrize(
    "session",
    [None, {"session_id": "YOUR_SESSION_ID", "message_id": "YOUR_MESSAGE_ID"}],
    ids=["unset", "placeholder"],
)
async def test_a_session_that_is_none_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, session: dict[str, str] | None
) -> None:
    async with start(tmp_path, tab=False) as chain:
        sessions = {} if session is None else {"demo-chat": session}
        text = json.dumps(sessions)
        (chain.server.services.home.sessions).write_text(text, encoding="utf-8")
        answer = await chain.ask("hi")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "no_session_for_model")
    assert "session capture" in error["message"]


async def test_a_wrong_key_opens_nothing_and_a_right_one_everything(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "sk-right"}) as chain:
        for headers in ({}, {"authorization": "Bearer sk-wrong"}):
            answer = await chain.client.get("/v1/models", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        chain.client.headers["authorization"] = "Bearer sk-right"
        assert (await chain.ask("hi")).status_code == 200


async def test_a_key_that_is_set_while_the_server_runs_is_asked_for_at_once(chain: Chain) -> None:
    assert (await chain.client.get("/v1/models")).status_code == 200
    chain.server.services.home.settings.write_text('{"api_key": "new"}', encoding="utf-8")
    assert (await chain.client.get("/v1/models")).status_code == 401
    chain.server.services.home.settings.write_text('{"api_key": ', encoding="utf-8")
    assert (await chain.client.get("/v1/models")).status_code == 401


async def test_a_page_of_another_site_gets_nothing(chain: Chain) -> None:
    evil = {"origin": "https://evil.example"}
    for method, path in (("GET", "/v1/models"), ("POST", "/v1/chat/completions"), ("GET", "/readyz")):
        answer = await chain.client.request(method, path, headers=evil)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    answer = await chain.client.get("/v1/models", headers={"host": "evil.example"})
    assert answer.status_code == 403
