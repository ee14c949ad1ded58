import msgspec
import pytest

from lmarena_bridge.core.api.openai.tool_use import (
    ChatTool,
    Choice,
    FunctionTool,
    read_functions,
    read_tools,
)
from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest

ADD = {"name": "add", "description": "Adds.", "parameters": {"type": "object"}, "strict": True}
READ = {"name": "read"}
TOOLS = (Tool("add", "Adds.", '{"type":"object"}'), Tool("read", "", "{}"))


def tools(*functions: object) -> list[ChatTool]:
    return msgspec.convert([{"type": "function", "function": each} for each in functions], list[ChatTool])


def choice(said: object) -> Choice:
    read: Choice = msgspec.convert(said, Choice)
    return read


@pytest.mark.parametrize(
    ("said", "wanted", "only"),
    [
        (None, "auto", ""),
        ("auto", "auto", ""),
        ("none", "none", ""),
        ("required", "required", ""),
        ({"type": "function", "function": {"name": "read"}}, "required", "read"),
        ({"type": "function", "name": "read"}, "required", "read"),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}, "auto", ""),
    ],
)
def test_tools_and_what_to_do_with_them(said: object, wanted: str, only: str) -> None:
    use = read_tools(tools(ADD, READ), choice(said), None)
    assert use is not None
    assert (use.tools, use.choice, use.only, use.parallel) == (TOOLS, wanted, only, True)


def test_several_calls_at_once_can_be_forbidden() -> None:
    use = read_tools(tools(ADD), None, False)
    assert use is not None
    assert not use.parallel


@pytest.mark.parametrize("offered", [None, [], [ChatTool(type="web_search")]])
def test_without_a_tool_of_the_client_s_there_are_none(offered: list[ChatTool] | None) -> None:
    assert read_tools(offered, "required", True) is None


def test_the_older_form_knows_one_call_at_a_time() -> None:
    functions = msgspec.convert([ADD, READ], list[FunctionTool])
    assert read_functions(functions, choice({"name": "read"})) == ToolUse(
        TOOLS, "required", only="read", parallel=False
    )
    assert read_functions(None, None) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [("any", "'any'"), ({"type": "function", "function": {"name": "gone"}}, "'gone'"), ({}, "no function")],
)
def test_a_choice_that_is_none_is_named(said: object, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words) as caught:
        read_tools(tools(ADD), choice(said), None)
    assert caught.value.param == "tool_choice"


def test_a_tool_without_its_function_is_named() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_tools([*tools(ADD), ChatTool()], None, None)
    assert caught.value.param == "tools[1].function"
