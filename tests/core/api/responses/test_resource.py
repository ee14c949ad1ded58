import json
from typing import Any

import pytest
from openai.types.responses import Response, ResponseFunctionToolCall, ResponseReasoningItem

from core.api.official import official
from lmarena_bridge.core.api.responses.requests import decode_responses_body
from lmarena_bridge.core.api.responses.resource import (
    ResponseHead,
    incomplete_reason,
    summary_part,
    text_part,
    usage_fields,
)
from lmarena_bridge.core.chat.events import CitationFound, Finished, FinishReason, Usage
from lmarena_bridge.core.errors import BridgeError, InvalidRequest, RateLimited, TabLost

# Not in openai's types, but wanted by the Open Responses schema.
EXTRAS = frozenset({"frequency_penalty", "presence_penalty", "store"})


def head(**more: Any) -> ResponseHead:
    body = decode_responses_body(json.dumps({"model": "m", "input": "Hi", **more}).encode())
    return ResponseHead("resp_1", 1_760_000_000, body, {"agents__f": ("agents", "f")})


def response(fields: dict[str, object]) -> Response:
    return official(Response, json.dumps(fields), known_extras=EXTRAS)


def test_a_response_tells_its_request_again() -> None:
    told = response(
        head(
            temperature=0.5,
            top_p=0.9,
            metadata={"a": "b"},
            user="u",
            instructions="Be brief.",
            max_output_tokens=7,
            reasoning={"effort": "low", "summary": "auto"},
            text={"format": {"type": "json_schema", "name": "n", "schema": {}}, "verbosity": "low"},
            tools=[{"type": "function", "name": "f"}, {"type": "web_search"}],
            tool_choice={"type": "function", "name": "f"},
            parallel_tool_calls=False,
            store=False,
        ).fields()
    )
    assert (told.status, told.temperature, told.top_p, told.user) == ("in_progress", 0.5, 0.9, "u")
    assert (told.instructions, told.max_output_tokens) == ("Be brief.", 7)
    assert told.metadata == {"a": "b"}
    assert [tool.type for tool in told.tools] == ["function"]
    assert told.parallel_tool_calls is False
    assert told.model_extra is not None
    assert told.model_extra["store"] is False


@pytest.mark.parametrize(
    ("choice", "told"),
    [(None, "auto"), ("required", "required"), ({"type": "allowed_tools"}, "auto")],
)
def test_the_choice_is_told_again(choice: Any, told: str) -> None:
    assert response(head(tool_choice=choice).fields()).tool_choice == told


def test_a_complete_response() -> None:
    output = [head().message(0, [text_part("Hi")], status="completed")]
    told = response(head().ended(Finished(FinishReason.STOP, Usage(3, 5, 2)), output, 1_760_000_001))
    assert (told.status, told.completed_at, told.output_text) == ("completed", 1_760_000_001, "Hi")
    assert told.usage is not None
    assert (told.usage.total_tokens, told.usage.output_tokens_details.reasoning_tokens) == (8, 2)


@pytest.mark.parametrize(
    ("reason", "why"),
    [(FinishReason.LENGTH, "max_output_tokens"), (FinishReason.CONTENT_FILTER, "content_filter")],
)
def test_a_response_that_was_cut(reason: FinishReason, why: str) -> None:
    told = response(head().ended(Finished(reason), [], 1))
    assert (told.status, told.completed_at) == ("incomplete", None)
    assert told.incomplete_details is not None
    assert told.incomplete_details.reason == why
    assert incomplete_reason(FinishReason.STOP) is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TabLost("Gone."), "server_error"),
        (RateLimited("Gone."), "rate_limit_exceeded"),
        (InvalidRequest("Gone."), "invalid_prompt"),
    ],
)
def test_a_response_that_failed(error: BridgeError, code: str) -> None:
    told = response(head().failed(error, []))
    assert told.status == "failed"
    assert told.error is not None
    assert (told.error.code, told.error.message) == (code, "Gone.")


def test_calls_have_their_own_names_again() -> None:
    plain = official(
        ResponseFunctionToolCall, json.dumps(head().call(0, "call_1", "g", "{}", status="completed"))
    )
    assert (plain.id, plain.call_id, plain.name, plain.namespace) == ("fc_1_0", "call_1", "g", None)
    spaced = head().call(0, "call_1", "agents__f", "{}", status="completed")
    assert (spaced["namespace"], spaced["name"]) == ("agents", "f")


def test_reasoning_is_a_summary() -> None:
    told = official(ResponseReasoningItem, json.dumps(head().reasoning(0, [summary_part("Hm")])))
    assert [part.text for part in told.summary] == ["Hm"]


def test_sources_are_annotations() -> None:
    part = text_part("See [1].", [CitationFound("https://a", "A")])
    assert part["annotations"] == [
        {"type": "url_citation", "start_index": 4, "end_index": 7, "title": "A", "url": "https://a"}
    ]


def test_usage_that_nobody_counted_is_zero() -> None:
    assert usage_fields(None)["total_tokens"] == 0
