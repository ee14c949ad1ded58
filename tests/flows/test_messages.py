"""Anthropic's API through everything but a browser (cases 56 to 58)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anthropic.types import ErrorResponse, Message, MessageTokensCount

from core.api.official import official
from support.chain import Chain
from support.chain import chain as start

CLAUDE_CODE: dict[str, Any] = {
    "system": [
        {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.197;"},
        {"type": "text", "text": "You are a pirate.", "cache_control": {"type": "ephemeral"}},
    ],
    "thinking": {"type": "adaptive"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "output_config": {"effort": "high"},
    "metadata": {"user_id": "{}"},
}


def body(text: str, model: str = "demo-chat", **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": [{"type": "text", "text": text}]}]
    return {"model": model, "max_tokens": 32000, "messages": messages, **more}


async def ask(chain: Chain, text: str, model: str = "demo-chat", **more: Any) -> httpx2.Response:
    return await chain.client.post("/v1/messages?beta=true", json=body(text, model, **more))


async def events(chain: Chain, text: str, model: str = "demo-chat", **more: Any) -> list[Any]:
    asked = body(text, model, stream=True, **more)
    heard, name = [], ""
    async with chain.client.stream("POST", "/v1/messages?beta=true", json=asked) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["request-id"].startswith("req_")
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                heard.append(json.loads(line.removeprefix("data: ")))
                assert heard[-1]["type"] == name
    return heard


def text_of(heard: list[Any], kind: str = "text") -> str:
    return "".join(event["delta"].get(kind, "") for event in heard if event["type"] == "content_block_delta")


@pytest.fixture
async def nobody(tmp_path: Path) -> AsyncIterator[Chain]:
    async with start(tmp_path, tab=False, settings={"tab_wait_seconds": 1}) as running:
        yield running


async def test_56_what_claude_code_asks_is_answered_in_order(chain: Chain) -> None:
    messages = [
        {"role": "user", "content": "My name is Ada."},
        {"role": "system", "content": "Agents: none."},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm", "signature": "x"}]},
        {"role": "user", "content": [{"type": "text", "text": "What is my name?"}]},
    ]
    heard = await events(chain, "", **{**CLAUDE_CODE, "messages": messages})
    kinds = [event["type"] for event in heard if event["type"] != "ping"]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert "Ada" in text_of(heard)
    assert heard[-2]["delta"]["stop_reason"] == "end_turn"
    assert heard[-2]["usage"]["input_tokens"] > 0
    assert heard[-2]["usage"]["output_tokens"] > 0


async def test_a_whole_answer_says_what_the_stream_says(chain: Chain) -> None:
    response = await ask(chain, "What is 6 * 7?")
    whole = official(Message, response.content)
    assert response.headers["request-id"].startswith("req_")
    (block,) = whole.content
    assert block.type == "text"
    assert block.text == text_of(await events(chain, "What is 6 * 7?"))
    assert "42" in block.text
    assert whole.usage.output_tokens > 0


async def test_thinking_is_shown_to_those_who_ask(chain: Chain) -> None:
    heard = await events(chain, "Why is the sky blue?", "demo-thinker", thinking={"type": "adaptive"})
    assert text_of(heard, "thinking")
    assert text_of(heard, "signature")
    quiet = await events(chain, "Why is the sky blue?", "demo-thinker")
    assert not text_of(quiet, "thinking")
    assert text_of(quiet)


async def test_the_stop_sequence_that_ended_it_is_told(chain: Chain) -> None:
    whole = official(Message, (await ask(chain, "What is 6 * 7?", stop_sequences=["ZZ", "42"])).content)
    assert (whole.stop_reason, whole.stop_sequence) == ("stop_sequence", "42")
    assert "42" not in str(whole.content)


async def test_an_answer_that_is_cut_says_so(chain: Chain) -> None:
    whole = official(Message, (await ask(chain, "Tell me a story.", max_tokens=2)).content)
    assert whole.stop_reason == "max_tokens"
    assert whole.usage.output_tokens <= 2


async def test_pictures_reach_the_site(chain: Chain) -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
    question = {"type": "text", "text": "What did I attach?"}
    answer = await ask(chain, "", messages=[{"role": "user", "content": [image, question]}])
    assert "image/png" in answer.text


async def test_57_errors_have_anthropics_shape(chain: Chain) -> None:
    unknown = await ask(chain, "hi", "nobody")
    assert unknown.status_code == 404
    said = official(ErrorResponse, unknown.content)
    assert said.error.type == "not_found_error"
    assert said.request_id == unknown.headers["request-id"]
    limited = await ask(chain, "hi #arena:429", "demo-right")
    assert (limited.status_code, official(ErrorResponse, limited.content).error.type) == (
        429,
        "rate_limit_error",
    )
    wrong = await chain.client.post("/v1/messages", content=b"{")
    assert (wrong.status_code, official(ErrorResponse, wrong.content).error.type) == (
        400,
        "invalid_request_error",
    )
    for response in (await chain.client.get("/v1/messages"), await chain.client.post("/v1/messages/no")):
        assert response.status_code in (404, 405)
        assert response.json()["type"] == "error"
        assert response.headers["request-id"] == response.json()["request_id"]


async def test_57_without_a_tab_it_is_overloaded(nobody: Chain) -> None:
    for stream in (False, True):
        response = await ask(nobody, "hi", stream=stream)
        assert response.status_code == 529
        assert official(ErrorResponse, response.content).error.type == "overloaded_error"
        assert response.headers["retry-after"] == "5"


async def test_57_a_body_that_is_too_large(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"max_body_bytes": 1024 * 1024}) as chain:
        response = await ask(chain, "x" * 1024 * 1024)
        assert response.status_code == 413
        assert response.json()["error"]["type"] == "request_too_large"


async def test_57_an_error_in_the_middle_is_an_event(chain: Chain) -> None:
    heard = await events(chain, "hi #arena:error-line")
    assert text_of(heard)
    assert heard[-1]["type"] == "error"
    assert "reported an error" in heard[-1]["error"]["message"]


async def test_57_and_58_either_header_carries_the_key(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "sk-right"}) as chain:
        for headers in ({}, {"x-api-key": "sk-wrong"}, {"authorization": "Bearer sk-wrong"}):
            refused = await chain.client.post("/v1/messages", json=body("hi"), headers=headers)
            assert refused.status_code == 401
            assert official(ErrorResponse, refused.content).error.type == "authentication_error"
        for headers in ({"x-api-key": "sk-right"}, {"authorization": "Bearer sk-right"}):
            answer = await chain.client.post("/v1/messages", json=body("hi"), headers=headers)
            assert answer.status_code == 200


async def test_58_tokens_are_counted(chain: Chain) -> None:
    asked = {**body("Hello there."), "tools": [{"name": "f", "input_schema": {"type": "object"}}]}
    del asked["max_tokens"]
    response = await chain.client.post("/v1/messages/count_tokens", json=asked)
    assert official(MessageTokensCount, response.content).input_tokens > 5
    unknown = await chain.client.post("/v1/messages/count_tokens", json={**asked, "model": "nobody"})
    assert unknown.status_code == 404


async def test_claude_code_finds_the_server_by_a_head_request(chain: Chain) -> None:
    assert (await chain.client.head("/")).status_code == 200
