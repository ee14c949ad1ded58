import json
from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.api.responses.offered import Offer, ResponsesTool, ResponsesToolChoice, read_tools
from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest

F: dict[str, Any] = {
    "type": "function",
    "name": "f",
    "description": "does f",
    "parameters": {"type": "object"},
}
G: dict[str, Any] = {"type": "function", "name": "g"}
TOOLS = (Tool("f", "does f", '{"type":"object"}'), Tool("g", "", "{}"))


def offer(
    tools: list[Any] | None, choice: str | ResponsesToolChoice | None = None, parallel: bool | None = None
) -> Offer:
    read = msgspec.json.decode(json.dumps(tools), type=list[ResponsesTool] | None)
    return read_tools(read, choice, parallel)


@pytest.mark.parametrize(
    ("choice", "use"),
    [
        (None, ToolUse(TOOLS)),
        ("auto", ToolUse(TOOLS)),
        ("none", ToolUse(TOOLS, "none")),
        ("required", ToolUse(TOOLS, "required")),
        (ResponsesToolChoice("function", "g"), ToolUse(TOOLS, "required", "g")),
        (ResponsesToolChoice("allowed_tools"), ToolUse(TOOLS)),
        (ResponsesToolChoice("web_search"), ToolUse(TOOLS)),
    ],
)
def test_the_choice_is_told_in_our_words(choice: str | ResponsesToolChoice | None, use: ToolUse) -> None:
    assert offer([F, G], choice).use == use


def test_calls_one_by_one_if_the_client_wants() -> None:
    use = offer([F, G], parallel=False).use
    assert use == ToolUse(TOOLS, parallel=False)


@pytest.mark.parametrize("tools", [None, [], [{"type": "web_search"}, {"type": "custom", "name": "c"}, {}]])
def test_without_functions_there_is_nothing_to_use(tools: list[Any] | None) -> None:
    assert offer(tools, "required") == Offer()


def test_functions_of_a_namespace_are_told_by_their_names_and_found_again() -> None:
    space = {"type": "namespace", "name": "agents", "tools": [{"type": "function", "name": "spawn"}, F]}
    inner = {
        "type": "namespace",
        "name": "deep",
        "tools": [{"type": "namespace", "name": "er", "tools": [G]}],
    }
    offered = offer([F, space, inner, {"type": "namespace", "name": "empty"}])
    assert offered.use is not None
    assert [tool.name for tool in offered.use.tools] == ["f", "spawn", "agents__f"]
    assert offered.origins() == {"spawn": ("agents", "spawn"), "agents__f": ("agents", "f")}
    assert offered.told("agents", "f") == "agents__f"
    assert offered.told(None, "f") == "f"
    assert offered.told("gone", "x") == "x"


@pytest.mark.parametrize(
    ("tools", "choice", "words", "param"),
    [
        ([F], "perhaps", "'perhaps': use none", "tool_choice"),
        ([F], ResponsesToolChoice("function", "h"), "'h', which is none", "tool_choice"),
        ([F], ResponsesToolChoice("function"), "'None', which is none", "tool_choice"),
        ([{"type": "function"}], None, "is missing: a function needs it", "tools[0].name"),
        ([F, {"type": "namespace"}], None, "is missing: a namespace needs it", "tools[1].name"),
    ],
)
def test_what_cannot_be_is_refused(
    tools: list[Any], choice: str | ResponsesToolChoice | None, words: str, param: str
) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        offer(tools, choice)
    assert refused.value.param == param
