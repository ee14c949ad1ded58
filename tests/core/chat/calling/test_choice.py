import pytest
from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.choice import Decision, Policy, ToolCalling, decided
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest, TooLarge

USE = ToolUse((Tool("get_weather"), Tool("now")))
LIMIT = 5_000_000
PLAIN = ChatRequest("a-model", (Message(Role.USER, "Hi"),))
ASKED = replace(PLAIN, tools=USE)
FORCED = replace(PLAIN, tools=replace(USE, choice="required", only="now"))
GOING_ON = replace(ASKED, messages=(*PLAIN.messages, Message(Role.TOOL, "noon")))


@pytest.mark.parametrize("calling", ["auto", "on", "off"])
@pytest.mark.parametrize(
    "request_",
    [
        PLAIN,
        replace(PLAIN, tools=ToolUse(())),
        replace(PLAIN, tools=replace(USE, choice="none")),
    ],
)
def test_without_tools_to_choose_from_nothing_is_told_or_left_out(
    request_: ChatRequest, calling: ToolCalling
) -> None:
    assert decided(request_, Policy(calling, 0, LIMIT, agent=True)) == Decision(PLAIN)


@pytest.mark.parametrize("request_", [ASKED, FORCED, GOING_ON])
@pytest.mark.parametrize(
    "policy",
    [Policy("on", 0, LIMIT), Policy("on", 0, LIMIT, agent=True), Policy("auto", 0, LIMIT, agent=True)],
)
def test_switched_on_or_for_an_agent_the_tools_are_told_in_full(
    request_: ChatRequest, policy: Policy
) -> None:
    assert decided(request_, policy) == Decision(request_)


@pytest.mark.parametrize("room", [0, 1000])
@pytest.mark.parametrize("request_", [FORCED, GOING_ON])
def test_a_call_that_must_be_and_a_conversation_with_results_have_their_tools(
    request_: ChatRequest, room: int
) -> None:
    assert request_.tools is not None
    told = replace(request_, tools=replace(request_.tools, room=room))
    assert decided(request_, Policy("auto", room, LIMIT)) == Decision(told)


def test_a_chat_has_tools_that_take_little_room() -> None:
    assert decided(ASKED, Policy("auto", 1000, LIMIT)) == Decision(
        replace(PLAIN, tools=replace(USE, room=1000))
    )


def test_a_chat_goes_without_tools_that_take_more_room_even_in_few_words() -> None:
    assert decided(ASKED, Policy("auto", 10, LIMIT)) == Decision(PLAIN, left_out=2)


@pytest.mark.parametrize("agent", [True, False])
def test_switched_off_tools_are_left_out(agent: bool) -> None:
    assert decided(ASKED, Policy("off", 1000, LIMIT, agent=agent)) == Decision(PLAIN, left_out=2)
    assert decided(GOING_ON, Policy("off", 1000, LIMIT, agent=agent)).request.tools is None


def test_switched_off_a_call_that_must_be_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="tool_calling") as refused:
        decided(FORCED, Policy("off", 1000, LIMIT))
    assert refused.value.param == "tool_choice"


@pytest.mark.parametrize("policy", [Policy("on", 0, 50), Policy("auto", 0, 50, agent=True)])
def test_tools_that_the_site_cannot_take_are_refused_in_clear_words(policy: Policy) -> None:
    large = replace(USE, tools=(Tool("now", "x" * 100),))
    with pytest.raises(TooLarge, match=r"^The 1 tools of this request have 0\.0 MB") as refused:
        decided(replace(PLAIN, tools=large), policy)
    assert refused.value.param == "tools"
    assert decided(ASKED, policy) == Decision(ASKED)
