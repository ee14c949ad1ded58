import pytest

from lmarena_bridge.core.api.anthropic.offered import OfferedTool, ToolChoice, read_tools
from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest

OFFERED = [OfferedTool("f", "does f", {"type": "object"}), OfferedTool("g", input_schema={})]
TOOLS = (Tool("f", "does f", '{"type":"object"}'), Tool("g", "", "{}"))


@pytest.mark.parametrize(
    ("choice", "use"),
    [
        (None, ToolUse(TOOLS)),
        (ToolChoice("auto"), ToolUse(TOOLS)),
        (ToolChoice("auto", disable_parallel_tool_use=True), ToolUse(TOOLS, parallel=False)),
        (ToolChoice("any"), ToolUse(TOOLS, "required")),
        (ToolChoice("tool", "g"), ToolUse(TOOLS, "required", "g")),
        (ToolChoice("none"), ToolUse(TOOLS, "none")),
    ],
)
def test_the_choice_is_told_in_our_words(choice: ToolChoice | None, use: ToolUse) -> None:
    assert read_tools(OFFERED, choice) == use


@pytest.mark.parametrize("offered", [None, [], [OfferedTool("web_search")], [OfferedTool(input_schema={})]])
def test_without_tools_of_the_clients_own_there_is_nothing_to_use(offered: list[OfferedTool] | None) -> None:
    assert read_tools(offered, None) is None
    assert read_tools(offered, ToolChoice("none")) is None


@pytest.mark.parametrize(
    ("offered", "choice", "words", "param"),
    [
        (OFFERED, ToolChoice("perhaps"), "'perhaps': use auto", "tool_choice.type"),
        ([], ToolChoice("any"), "holds none", "tool_choice.type"),
        (OFFERED, ToolChoice("tool", "h"), "'h', and no tool", "tool_choice.name"),
        (OFFERED, ToolChoice("tool"), "'', and no tool", "tool_choice.name"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    offered: list[OfferedTool], choice: ToolChoice, words: str, param: str
) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        read_tools(offered, choice)
    assert refused.value.param == param
