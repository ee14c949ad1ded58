import json
from typing import Any

import pytest

from lmarena_bridge.core.api.responses.requests import (
    ResponsesCall,
    decode_responses_body,
    read_responses,
    uploads_wanted,
)
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role, Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest


def call(said: Any = "Hi", **more: Any) -> ResponsesCall:
    return read_responses(decode_responses_body(json.dumps({"model": "m", "input": said, **more}).encode()))


def test_the_least_that_can_be_asked() -> None:
    asked = call()
    assert asked.request == ChatRequest("m", (Message(Role.USER, "Hi"),))
    assert (asked.stream, asked.kept, asked.instructions) == (False, True, ())


def test_what_codex_sends_is_taken() -> None:
    asked = call(
        [
            {
                "type": "message",
                "role": "developer",
                "content": [{"type": "input_text", "text": "Be brief."}],
            },
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        ],
        stream=True,
        instructions=None,
        tool_choice="auto",
        parallel_tool_calls=True,
        reasoning={"summary": "auto"},
        store=False,
        include=["reasoning.encrypted_content"],
        prompt_cache_key="k",
        client_metadata={"a": "b"},
        tools=[
            {"type": "function", "name": "exec_command", "strict": False, "parameters": {}},
            {"type": "namespace", "name": "n", "tools": []},
            {"type": "web_search", "external_web_access": True},
        ],
    )
    assert (asked.stream, asked.kept) == (True, False)
    assert asked.request.messages == (Message(Role.DEVELOPER, "Be brief."), Message(Role.USER, "Hi"))
    assert asked.request.tools == ToolUse((Tool("exec_command", "", "{}"),))


def test_instructions_and_limits() -> None:
    asked = call(instructions="Be brief.", max_output_tokens=7)
    assert asked.instructions == (Message(Role.DEVELOPER, "Be brief."),)
    assert asked.request.max_tokens == 7


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        (None, None),
        ({"type": "text"}, None),
        ({"type": "json_object"}, AnswerFormat()),
        (
            {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True},
            AnswerFormat('{"type":"object"}'),
        ),
    ],
)
def test_formats(wanted: Any, read: AnswerFormat | None) -> None:
    assert call(text={"format": wanted}).request.format == read


@pytest.mark.parametrize(
    ("said", "more", "param"),
    [
        ("Hi", {"model": " "}, "model"),
        ("", {}, "input"),
        ([], {}, "input"),
        ([{"type": "reasoning"}], {}, "input"),
        ("Hi", {"conversation": "conv_1"}, "conversation"),
        ("Hi", {"max_output_tokens": 0}, "max_output_tokens"),
        ("Hi", {"text": {"format": {"type": "xml"}}}, "text.format.type"),
        ("Hi", {"text": {"format": {"type": "json_schema", "name": "n"}}}, "text.format.schema"),
        (5, {}, "input"),
    ],
)
def test_what_is_wrong_is_named(said: Any, more: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        call(said, **more)
    assert refused.value.param == param


def test_uploads_are_named_once_each() -> None:
    image = {"role": "user", "content": [{"type": "input_image", "file_id": "a"}]}
    body = decode_responses_body(json.dumps({"model": "m", "input": [image, image]}).encode())
    assert uploads_wanted(body) == ("a",)
    assert uploads_wanted(decode_responses_body(b'{"model": "m", "input": "Hi"}')) == ()
