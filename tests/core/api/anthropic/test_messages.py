import json
from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.api.anthropic.blocks import Block
from lmarena_bridge.core.api.anthropic.messages import Turn, read_system, read_turn
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Message, Role, ToolCall
from lmarena_bridge.core.errors import InvalidRequest


def turn(role: str, content: Any) -> list[Message]:
    read = msgspec.json.decode(json.dumps({"role": role, "content": content}), type=Turn)
    return list(read_turn(read, "messages[0]", NO_FILES))


def text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


def result(content: Any, **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, **more}


IMAGE = {"type": "image", "source": {"type": "base64", "data": "iVBORw0KGgo="}}


@pytest.mark.parametrize("role", ["user", "assistant", "system"])
@pytest.mark.parametrize("content", ["Hi", [text("Hi")]])
def test_roles_and_contents(role: str, content: Any) -> None:
    assert turn(role, content) == [Message(Role(role), "Hi")]


def test_other_roles_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="'tool': use user") as refused:
        turn("tool", "Hi")
    assert refused.value.param == "messages[0].role"


def test_an_assistants_calls_stand_beside_its_text() -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": "ł"}}
    empty = {"type": "tool_use", "id": "toolu_2", "name": "g"}
    assert turn("assistant", [text("Wait."), call, empty]) == [
        Message(
            Role.ASSISTANT,
            "Wait.",
            calls=(ToolCall("toolu_1", "f", '{"a":"ł"}'), ToolCall("toolu_2", "g", "{}")),
        )
    ]


def test_results_become_turns_of_their_own_in_their_order() -> None:
    assert turn("user", [result("42"), result([text("a"), text("b")]), text("Go on.")]) == [
        Message(Role.TOOL, "42", call_id="toolu_1"),
        Message(Role.TOOL, "a\n\nb", call_id="toolu_1"),
        Message(Role.USER, "Go on."),
    ]
    assert turn("user", [text("First:"), result("42")]) == [
        Message(Role.USER, "First:"),
        Message(Role.TOOL, "42", call_id="toolu_1"),
    ]


def test_a_result_may_hold_pictures_nothing_or_a_failure() -> None:
    (seen,) = turn("user", [result([IMAGE])])
    assert (seen.role, seen.content, len(seen.attachments)) == (Role.TOOL, "", 1)
    assert turn("user", [result(None)]) == [Message(Role.TOOL, "", call_id="toolu_1")]
    assert turn("user", [result("no", is_error=True)])[0].content == "The tool failed:\nno"


def test_a_turn_of_nothing_is_still_a_turn() -> None:
    assert turn("user", []) == [Message(Role.USER, "")]


@pytest.mark.parametrize(
    ("role", "value", "param"),
    [
        ("user", {"type": "tool_result"}, "messages[0].content[0].tool_use_id"),
        ("assistant", {"type": "tool_use", "name": "f"}, "messages[0].content[0].id"),
        ("assistant", {"type": "tool_use", "id": "1"}, "messages[0].content[0].name"),
    ],
)
def test_what_is_missing_is_named(role: str, value: Any, param: str) -> None:
    with pytest.raises(InvalidRequest, match="is missing") as refused:
        turn(role, [value])
    assert refused.value.param == param


def system(value: Any) -> list[Message]:
    read = msgspec.json.decode(json.dumps(value), type=str | list[Block] | None)
    return list(read_system(read, NO_FILES))


def test_the_system_prompt_is_a_string_or_blocks() -> None:
    assert system("Be brief.") == [Message(Role.SYSTEM, "Be brief.")]
    assert system([text("Be"), text("brief.")]) == [Message(Role.SYSTEM, "Be\n\nbrief.")]


def test_without_one_there_is_no_message() -> None:
    assert system(None) == []
    assert system("") == []
    assert system([]) == []


def test_what_is_meant_for_anthropics_accounts_is_no_prompt() -> None:
    billing = text("x-anthropic-billing-header: cc_version=2.1.197;")
    assert system([billing, text("Be brief.")]) == [Message(Role.SYSTEM, "Be brief.")]
    assert system([billing]) == []
