import json

import pytest
from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.prompt import least_room, most_room, told_faults, told_tools
from lmarena_bridge.core.chat.calling.toolbox import Fault
from lmarena_bridge.core.chat.request import Tool, ToolUse

MARKERS = Markers("a1b2c3d4")
WORDS = "A sentence about it that says a little more than is needed. "
PARAMETERS = json.dumps(
    {"type": "object", "properties": {"city": {"type": "string", "description": WORDS * 10}}}
)
USE = ToolUse((Tool("get_weather", WORDS * 40, PARAMETERS), Tool("now", "The time.")))


def test_the_model_is_told_the_form_the_rules_and_the_tools() -> None:
    text = told_tools(USE, MARKERS)
    assert (
        '\n<tool_call_a1b2c3d4>{"name": "the_tool", "arguments": {"key": "value"}}</tool_call_a1b2c3d4>\n'
        in text
    )
    assert "between <tool_result_a1b2c3d4 …> and </tool_result_a1b2c3d4>" in text
    assert "several such lines" in text
    assert "You must call" not in text
    assert text.endswith(
        f"get_weather: {(WORDS * 40).strip()}\n{{\n  city?: string // {(WORDS * 10).strip()}\n}}\n\n"
        "now: The time.\n{}"
    )


def test_what_the_client_wants_of_the_choice_is_told() -> None:
    assert "call at least one of these tools now" in told_tools(replace(USE, choice="required"), MARKERS)
    assert "Call one tool at most" in told_tools(replace(USE, parallel=False), MARKERS)
    only = told_tools(replace(USE, choice="required", only="now"), MARKERS)
    assert "You must call the tool now now" in only
    assert "get_weather" not in only


@pytest.mark.parametrize("room", [0, 50, 100, 200, 400, 800, 1600, 3000, 10_000])
def test_the_tools_are_told_in_as_many_words_as_there_is_room_for(room: int) -> None:
    whole = told_tools(USE, MARKERS)
    text = told_tools(replace(USE, room=room), MARKERS)
    least = least_room(USE)
    assert len(text) - (len(whole) - size_of_tools(whole)) <= max(room, least)
    assert "get_weather" in text
    assert "city?: string" in text
    if room >= 3200:
        assert text == whole


def test_the_room_they_take_in_full_and_at_the_least() -> None:
    assert most_room(USE) == size_of_tools(told_tools(USE, MARKERS))
    assert least_room(USE) < 60
    assert most_room(replace(USE, choice="required", only="now")) == len("now: The time.\n{}") + 2


def size_of_tools(text: str) -> int:
    return len(text) - text.index("get_weather") + 2


def test_each_step_says_less() -> None:
    sizes = [len(told_tools(replace(USE, room=room), MARKERS)) for room in (10_000, 1000, 400, 120, 0)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 5


def test_what_is_wrong_is_told_with_the_form_that_is_wanted() -> None:
    faults = (Fault("There is no tool 'x'."), Fault("It is not valid JSON."))
    text = told_faults(faults, USE, MARKERS, some_given=False)
    assert "\n- There is no tool 'x'.\n- It is not valid JSON.\n" in text
    assert '\n<tool_call_a1b2c3d4>{"name": ' in text
    assert "If no tool shall be called" in text
    assert "Do not repeat" not in text


def test_a_call_that_must_be_leaves_no_other_way() -> None:
    text = told_faults((Fault("No."),), replace(USE, choice="required"), MARKERS, some_given=True)
    assert "If no tool shall be called" not in text
    assert "Do not repeat" in text
