import pytest

from lmarena_bridge.core.api.anthropic.offered import MessagesTool, MessagesToolChoice, read_tools
from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest

OFFERED = [MessagesTool("f", "does f", {"type": "object"}), MessagesTool("g", input_schema={})]
TOOLS = (Tool("f", "does f", '{"type":"object"}'), Tool("g", "", "{}"))


@pytest.mark.parametrize(
    ("choice", "use"),
    [
        (None, ToolUse(TOOLS)),
        (MessagesToolChoice("auto"), ToolUse(TOOLS)),
        (MessagesToolChoice("auto", disable_parallel_tool_use=True), ToolUse(TOOLS, parallel=False)),
        (MessagesToolChoice("any"), ToolUse(TOOLS, "required")),
        (MessagesToolChoice("tool", "g"), ToolUse(TOOLS, "required", "g")),
        (MessagesToolChoice("none"), ToolUse(TOOLS, "none")),
    ],
)
def test_the_choice_is_told_in_our_words(choice: MessagesToolChoice | None, use: ToolUse) -> None:
    assert read_tools(OFFERED, choice) == use


@pytest.mark.parametrize("offered", [None, [], [MessagesTool("web_search")], [MessagesTool(input_schema={})]])
def test_without_tools_of_the_clients_own_there_is_nothing_to_use(offered: list[MessagesTool] | None) -> None:
    assert read_tools(offered, None) is None
    assert read_tools(offered, MessagesToolChoice("none")) is None


@pytest.mark.parametrize(
    ("offered", "choice", "words", "param"),
    [
        (OFFERED, MessagesToolChoice("perhaps"), "'perhaps': use auto", "tool_choice.type"),
        ([], MessagesToolChoice("any"), "holds none", "tool_choice.type"),
        (OFFERED, MessagesToolChoice("tool", "h"), "'h', and no tool", "tool_choice.name"),
        (OFFERED, MessagesToolChoice("tool"), "'', and no tool", "tool_choice.name"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    offered: list[MessagesTool], choice: MessagesToolChoice, words: str, param: str
) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        read_tools(offered, choice)
    assert refused.value.param == param
