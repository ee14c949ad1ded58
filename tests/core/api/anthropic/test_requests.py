import json
from typing import Any

import pytest

from lmarena_bridge.core.api.anthropic.requests import (
    MessagesCall,
    decode_messages_body,
    read_messages,
    uploads_wanted,
)
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role, Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest

HI = [{"role": "user", "content": "Hi"}]


def call(**more: Any) -> MessagesCall:
    return read_messages(decode_messages_body(json.dumps({"model": "m", "messages": HI, **more}).encode()))


def test_the_least_that_can_be_asked() -> None:
    assert call() == MessagesCall(
        ChatRequest("m", (Message(Role.USER, "Hi"),), reasoning="off"), stream=False
    )


def test_what_claude_code_sends_is_taken() -> None:
    asked = call(
        stream=True,
        max_tokens=32000,
        thinking={"type": "adaptive"},
        context_management={"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        output_config={"effort": "high"},
        metadata={"user_id": "{}"},
        temperature=1,
        system=[{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        messages=[*HI, {"role": "system", "content": "Agents:"}],
        tools=[{"name": "Write", "description": "Writes.", "input_schema": {"type": "object"}}],
    )
    assert asked.stream
    assert asked.request == ChatRequest(
        "m",
        (
            Message(Role.SYSTEM, "Be brief."),
            Message(Role.USER, "Hi"),
            Message(Role.SYSTEM, "Agents:"),
        ),
        max_tokens=32000,
        tools=ToolUse((Tool("Write", "Writes.", '{"type":"object"}'),)),
    )


def test_stop_sequences_are_kept_once_each() -> None:
    assert call(stop_sequences=["END", "", "END", "\n"]).request.stop == ("END", "\n")


@pytest.mark.parametrize(
    ("thinking", "reasoning"),
    [
        (None, "off"),
        ({"type": "disabled"}, "off"),
        ({"type": "enabled", "budget_tokens": 2048}, "apart"),
        ({"type": "adaptive", "display": "summarized"}, "apart"),
        ({"type": "adaptive", "display": "omitted"}, "off"),
    ],
)
def test_thinking_is_shown_to_those_who_ask_for_it(thinking: Any, reasoning: str) -> None:
    assert call(thinking=thinking).request.reasoning == reasoning


@pytest.mark.parametrize("field", ["output_config", "output_format"])
def test_an_answer_by_a_schema(field: str) -> None:
    wanted = {"type": "json_schema", "schema": {"type": "object"}}
    said = {"format": wanted} if field == "output_config" else wanted
    assert call(**{field: said}).request.format == AnswerFormat('{"type":"object"}')


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"model": " "}, "model"),
        ({"messages": []}, "messages"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"output_format": {"type": "xml", "schema": {}}}, "output_config.format"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format"),
        ({"messages": "x"}, "messages"),
        ({"messages": [*HI, {"role": "x", "content": ""}]}, "messages[1].role"),
    ],
)
def test_what_is_wrong_is_named(more: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        call(**more)
    assert refused.value.param == param


def test_uploads_are_named_once_each() -> None:
    image = {"type": "image", "source": {"type": "file", "file_id": "a"}}
    body = {
        "model": "m",
        "system": [image],
        "messages": [{"role": "user", "content": [image, {"type": "text", "text": "x"}]}, *HI],
    }
    assert uploads_wanted(decode_messages_body(json.dumps(body).encode())) == ("a",)
