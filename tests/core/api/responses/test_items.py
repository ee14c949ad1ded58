import json
from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.api.responses.items import Item, read_items, uploads_in
from lmarena_bridge.core.api.responses.offered import Offer
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Message, Role, ToolCall
from lmarena_bridge.core.errors import InvalidRequest

OFFER = Offer(names={("agents", "f"): "agents__f"})


def items(*values: Any) -> list[Item]:
    return msgspec.json.decode(json.dumps(values), type=list[Item])


def read(*values: Any) -> tuple[Message, ...]:
    return read_items(items(*values), NO_FILES, OFFER)


def said(role: str, text: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": text, **more}


def call(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "function_call", "call_id": f"call_{number}", "name": "f", "arguments": "{}", **more}


@pytest.mark.parametrize("role", ["system", "developer", "user", "assistant"])
def test_messages_of_every_role(role: str) -> None:
    parts = {
        "type": "message",
        "id": "msg_1",
        "role": role,
        "content": [{"type": "input_text", "text": "Hi"}],
    }
    assert read(said(role, "Hi"), parts) == (Message(Role(role), "Hi"),) * 2


def test_calls_belong_to_the_assistants_turn() -> None:
    output = {"type": "function_call_output", "call_id": "call_1", "output": "42"}
    pieces = {**output, "output": [{"type": "input_text", "text": "a"}]}
    assert read(
        said("user", "Go"),
        call(1),
        output,
        said("assistant", "And"),
        call(2, namespace="agents"),
        call(3, arguments=None),
        pieces,
    ) == (
        Message(Role.USER, "Go"),
        Message(Role.ASSISTANT, "", calls=(ToolCall("call_1", "f", "{}"),)),
        Message(Role.TOOL, "42", call_id="call_1"),
        Message(
            Role.ASSISTANT,
            "And",
            calls=(ToolCall("call_2", "agents__f", "{}"), ToolCall("call_3", "f", "{}")),
        ),
        Message(Role.TOOL, "a", call_id="call_1"),
    )


@pytest.mark.parametrize(
    "kind", ["reasoning", "compaction", "web_search_call", "custom_tool_call_output", "mcp_approval_request"]
)
def test_what_no_model_here_could_use_is_passed_over(kind: str) -> None:
    assert read(said("user", "Hi"), {"type": kind, "id": "x"}) == (Message(Role.USER, "Hi"),)


@pytest.mark.parametrize(
    ("value", "param", "words"),
    [
        ({"type": "hologram"}, "input[0].type", "'hologram'"),
        ({"type": "item_reference", "id": "msg_1"}, "input[0].id", "an item that is not kept"),
        ({"type": "message", "content": "Hi"}, "input[0].role", "is missing"),
        (said("critic", "Hi"), "input[0].role", "'critic'"),
        ({"type": "function_call", "name": "f"}, "input[0].call_id", "is missing"),
        ({"type": "function_call", "call_id": "1"}, "input[0].name", "is missing"),
        ({"type": "function_call_output"}, "input[0].call_id", "is missing"),
        ({"role": "user", "content": [{"type": "x"}]}, "input[0].content[0].type", "'x'"),
    ],
)
def test_what_cannot_be_read_is_named(value: Any, param: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        read(value)
    assert refused.value.param == param


def test_uploads_are_found_in_messages_and_results() -> None:
    image = [{"type": "input_image", "file_id": "a"}]
    output = {"type": "function_call_output", "call_id": "1", "output": image}
    assert list(uploads_in(items({"role": "user", "content": image}, output))) == ["a", "a"]
