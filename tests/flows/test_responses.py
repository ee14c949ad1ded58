"""The Responses API through everything but a browser (cases 53 and 54)."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai.types.responses import Response
from openai.types.shared import ErrorObject

from core.api.official import official
from support.chain import Chain
from support.chain import chain as start

# Not in openai's types, but wanted by the Open Responses schema.
EXTRAS = frozenset({"frequency_penalty", "presence_penalty", "store"})
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
CODEX: dict[str, Any] = {
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"summary": "auto"},
    "store": False,
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "k",
    "client_metadata": {"a": "b"},
}


async def ask(chain: Chain, said: Any, model: str = "demo-chat", **more: Any) -> httpx2.Response:
    return await chain.client.post("/v1/responses", json={"model": model, "input": said, **more})


async def answer(chain: Chain, said: Any, model: str = "demo-chat", **more: Any) -> Response:
    response = await ask(chain, said, model, **more)
    assert response.status_code == 200, response.text
    return official(Response, response.content, known_extras=EXTRAS)


async def events(chain: Chain, said: Any, model: str = "demo-chat", **more: Any) -> list[Any]:
    body = {"model": model, "input": said, "stream": True, **more}
    async with chain.client.stream("POST", "/v1/responses", json=body) as response:
        assert response.status_code == 200, await response.aread()
        lines = [line async for line in response.aiter_lines()]
    heard = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [event["sequence_number"] for event in heard] == list(range(len(heard)))
    return heard


def text_of(heard: list[Any]) -> str:
    return "".join(event["delta"] for event in heard if event["type"] == "response.output_text.delta")


def error_of(response: httpx2.Response) -> ErrorObject:
    return official(ErrorObject, json.dumps(response.json()["error"]))


async def test_53_a_string_streamed_and_whole(chain: Chain) -> None:
    whole = await answer(chain, "What is 6 * 7?")
    assert "42" in whole.output_text
    assert whole.usage is not None
    assert whole.usage.input_tokens > 0
    assert whole.usage.output_tokens > 0
    heard = await events(chain, "What is 6 * 7?")
    assert text_of(heard) == whole.output_text
    assert heard[0]["type"] == "response.created"
    assert "response.output_item.done" in [event["type"] for event in heard]
    assert heard[-1]["type"] == "response.completed"
    last = official(Response, json.dumps(heard[-1]["response"]), known_extras=EXTRAS)
    assert last.output_text == whole.output_text
    assert last.usage is not None


async def test_53_a_list_with_instructions(chain: Chain) -> None:
    said = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "My name is Ada."}]},
        {"role": "assistant", "content": "Ahoy!", "phase": "final_answer"},
        {"role": "user", "content": "What is my name?"},
    ]
    assert "Ada" in (await answer(chain, said, instructions="You are a pirate.")).output_text


async def test_53_reasoning_is_an_item(chain: Chain) -> None:
    whole = await answer(chain, "Why is the sky blue?", "demo-thinker")
    assert [item.type for item in whole.output] == ["reasoning", "message"]


async def test_54_what_codex_sends_is_taken(chain: Chain) -> None:
    tools = [
        {"type": "namespace", "name": "n", "tools": []},
        {"type": "web_search", "external_web_access": True},
        {"type": "custom", "name": "apply_patch", "format": {"type": "grammar"}},
    ]
    heard = await events(chain, "Hi", tools=tools, **CODEX)
    assert text_of(heard)
    gone = await chain.client.get(f"/v1/responses/{heard[-1]['response']['id']}")
    assert gone.status_code == 404


async def test_54_it_goes_on_from_a_response_that_is_kept(chain: Chain) -> None:
    for streamed in (False, True):
        if streamed:
            first = (await events(chain, "My name is Ada."))[-1]["response"]["id"]
        else:
            first = (await answer(chain, "My name is Ada.")).id
        second = await answer(chain, "What is my name?", previous_response_id=first)
        assert "Ada" in second.output_text
        assert second.previous_response_id == first
        kept = await chain.client.get(f"/v1/responses/{first}")
        assert official(Response, kept.content, known_extras=EXTRAS).id == first
        deleted = await chain.client.delete(f"/v1/responses/{first}")
        assert deleted.json() == {"id": first, "object": "response", "deleted": True}
        assert (await chain.client.get(f"/v1/responses/{first}")).status_code == 404


async def test_54_a_response_that_is_not_kept_is_refused(chain: Chain) -> None:
    refused = await ask(chain, "Hi", previous_response_id="resp_gone")
    assert refused.status_code == 400
    assert error_of(refused).param == "previous_response_id"


async def test_a_conversation_goes_on_with_the_key_it_began_with_alone(tmp_path: Path) -> None:
    keys = [{"name": name, "key": f"sk-{name}"} for name in ("ann", "ben")]
    async with start(tmp_path, settings={"api_key": keys}) as chain:
        chain.client.headers["authorization"] = "Bearer sk-ann"
        first = await answer(chain, "My name is Ada.")
        item = {"type": "item_reference", "id": first.output[0].id}
        chain.client.headers["authorization"] = "Bearer sk-ben"
        for refused, gone in (
            (
                await ask(chain, "What is my name?", previous_response_id=first.id),
                await ask(chain, "What is my name?", previous_response_id="resp_gone"),
            ),
            (
                await ask(chain, [item, {"role": "user", "content": "Go on"}]),
                await ask(chain, [{**item, "id": "msg_gone_0"}, {"role": "user", "content": "Go on"}]),
            ),
            (
                await chain.client.get(f"/v1/responses/{first.id}"),
                await chain.client.get("/v1/responses/resp_gone"),
            ),
            (
                await chain.client.delete(f"/v1/responses/{first.id}"),
                await chain.client.delete("/v1/responses/resp_gone"),
            ),
        ):
            assert refused.status_code == gone.status_code >= 400
            assert error_of(refused).code == error_of(gone).code
        chain.client.headers["authorization"] = "Bearer sk-ann"
        again = await answer(chain, "What is my name?", previous_response_id=first.id)
        assert "Ada" in again.output_text
        assert (await ask(chain, [item, {"role": "user", "content": "Go on"}])).status_code == 200


async def test_54_errors_before_the_first_byte_have_their_status(chain: Chain) -> None:
    for stream in (False, True):
        unknown = await ask(chain, "Hi", "nobody", stream=stream)
        assert (unknown.status_code, error_of(unknown).code) == (404, "model_not_found")
        limited = await ask(chain, "hi #arena:422", stream=stream)
        assert limited.status_code == 422
    wrong = await ask(chain, [])
    assert (wrong.status_code, error_of(wrong).param) == (400, "input")
    assert wrong.headers["x-request-id"]


async def test_54_an_error_in_the_middle_is_a_failed_response(chain: Chain) -> None:
    heard = await events(chain, "hi #arena:error-line")
    assert text_of(heard)
    assert heard[-1]["type"] == "response.failed"
    failed = official(Response, json.dumps(heard[-1]["response"]), known_extras=EXTRAS)
    assert failed.error is not None
    assert "reported an error" in failed.error.message
    assert (await chain.client.get(f"/v1/responses/{failed.id}")).status_code == 404


async def test_an_answer_that_is_cut_is_incomplete(chain: Chain) -> None:
    whole = await answer(chain, "Tell me a story.", max_output_tokens=2)
    assert whole.status == "incomplete"
    assert whole.incomplete_details is not None
    assert whole.incomplete_details.reason == "max_output_tokens"


async def test_a_picture_reaches_the_site(chain: Chain) -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}
    question = {"type": "input_text", "text": "What did I attach?"}
    assert "image/png" in (await answer(chain, [{"role": "user", "content": [image, question]}])).output_text


@pytest.mark.parametrize("spaced", [False, True])
async def test_a_function_is_called_and_its_result_told(chain: Chain, spaced: bool) -> None:
    tools = [{"type": "namespace", "name": "sky", "tools": [WEATHER]}] if spaced else [WEATHER]
    question = {"role": "user", "content": "What is the weather in Paris?"}
    heard = await events(chain, [question], "demo-tools", tools=tools, tool_choice="required")
    (call,) = [
        event["item"]
        for event in heard
        if event["type"] == "response.output_item.done" and event["item"]["type"] == "function_call"
    ]
    assert call["name"] == "get_weather"
    assert call.get("namespace") == ("sky" if spaced else None)
    assert json.loads(call["arguments"])["city"]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "21 degrees and sunny"}
    told = await answer(chain, [question, call, result], "demo-tools", tools=tools)
    assert "21" in told.output_text
    first = heard[-1]["response"]["id"]
    told = await answer(chain, [result], "demo-tools", tools=tools, previous_response_id=first)
    assert "21" in told.output_text


async def test_reasoning_can_be_switched_off(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"reasoning_output_mode": "off"}) as chain:
        whole = await answer(chain, "Why is the sky blue?", "demo-thinker")
        assert [item.type for item in whole.output] == ["message"]


async def test_addresses_that_are_not_here_say_so(chain: Chain) -> None:
    missing = await chain.client.post("/v1/responses/compact", json={"model": "demo-chat", "input": "Hi"})
    assert (missing.status_code, error_of(missing).code) == (404, "unknown_url")
