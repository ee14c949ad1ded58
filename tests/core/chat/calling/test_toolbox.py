import json
from typing import Any

import pytest

from lmarena_bridge.core.chat.calling.toolbox import Call, Fault, Toolbox
from lmarena_bridge.core.chat.request import Tool, ToolUse

WEATHER = Tool(
    "get_weather",
    "",
    json.dumps(
        {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
            "additionalProperties": False,
        }
    ),
)
NOW = Tool("now")
BOX = Toolbox(ToolUse((WEATHER, NOW)))

OSLO = Call("get_weather", '{"city": "Oslo"}')


@pytest.mark.parametrize(
    "value",
    [
        {"name": "get_weather", "arguments": {"city": "Oslo"}},
        {"name": "get_weather", "arguments": {"city": "Oslo"}, "id": "call_1"},
        {"name": "get_weather", "parameters": {"city": "Oslo"}},
        {"tool": "get_weather", "args": {"city": "Oslo"}},
        {"tool_name": "get_weather", "input": {"city": "Oslo"}},
        {"function": "get_weather", "params": {"city": "Oslo"}},
        {"action": "get_weather", "action_input": {"city": "Oslo"}},
        {"type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}},
        {"tool_calls": [{"name": "get_weather", "arguments": {"city": "Oslo"}}]},
        {"calls": [{"function": {"name": "get_weather", "arguments": {"city": "Oslo"}}}]},
        [{"name": "get_weather", "arguments": {"city": "Oslo"}}],
        {"name": "get_weather", "arguments": "{'city': 'Oslo',}"},
        {"name": "get_weather", "city": "Oslo", "id": "1"},
        {"get_weather": {"city": "Oslo"}},
        {"name": "Get-Weather", "arguments": {"city": "Oslo"}},
        {"name": "functions.get_weather", "arguments": {"city": "Oslo"}},
        {"name": " get_weather ", "arguments": {"city": "Oslo"}},
        {"name": "get_weather", "arguments": {"city": "Oslo", "days": None}},
    ],
)
def test_the_ways_in_which_models_write_one_call(value: object) -> None:
    assert BOX.judged(value) == [OSLO]


@pytest.mark.parametrize(
    "value",
    [
        {"city": "Oslo"},
        {"arguments": {"city": "Oslo"}},
        {"name": "get_weather", "arguments": {"city": "Oslo"}},
    ],
)
def test_a_name_before_the_value_is_the_tools(value: object) -> None:
    assert BOX.judged(value, "get_weather") == [OSLO]


@pytest.mark.parametrize(
    "value",
    [{"name": "now"}, {"name": "now", "arguments": None}, {"name": "now", "arguments": ""}, {"now": {}}],
)
def test_a_tool_may_need_no_arguments(value: object) -> None:
    assert BOX.judged(value) == [Call("now", "{}")]


def test_several_calls_are_judged_each() -> None:
    value = [{"name": "now"}, {"name": "then"}, {"name": "get_weather", "arguments": {"city": "Łódź"}}]
    assert BOX.judged(value) == [
        Call("now", "{}"),
        Fault("There is no tool 'then'. There are: get_weather, now."),
        Call("get_weather", '{"city": "Łódź"}'),
    ]


def test_what_only_has_the_wrong_kind_is_made_to_fit() -> None:
    assert BOX.judged({"name": "get_weather", "arguments": {"city": 5, "days": "3"}}) == [
        Call("get_weather", '{"city": "5", "days": 3}')
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "It is no object"),
        ("now", "It is no object"),
        (5, "It is no object"),
        (None, "It is no object"),
        ([[{"name": "now"}]], "It is no object"),
        ({}, "It does not name the tool"),
        ({"name": 5, "arguments": {}}, "It does not name the tool"),
        ({"city": "Oslo", "days": 3}, "It does not name the tool"),
        ({"name": "x" * 500}, f"There is no tool '{'x' * 80}'. There are: get_weather, now."),
        ({"name": "get_weather", "arguments": [1]}, '"arguments" must be one JSON object: this is another'),
        ({"name": "get_weather", "arguments": "Oslo"}, '"arguments" must be one JSON object: '),
        (
            {"name": "get_weather", "arguments": {}},
            'The arguments of get_weather do not fit: $: "city" is a req',
        ),
        (
            {"name": "get_weather", "arguments": {"city": ["x"]}},
            "The arguments of get_weather do not fit: $.city",
        ),
        (
            {"name": "now", "arguments": {"a": float("inf")}},
            "The arguments of now do not fit: a number is too",
        ),
    ],
)
def test_a_fault_says_what_the_model_must_mend(value: object, reason: str) -> None:
    (fault,) = BOX.judged(value)
    assert isinstance(fault, Fault)
    assert fault.reason.startswith(reason)


def test_arguments_nested_too_deeply_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"a": deep}
    (fault,) = BOX.judged({"name": "now", "arguments": deep})
    assert isinstance(fault, Fault)


def test_only_the_one_tool_that_is_wanted_can_be_called() -> None:
    box = Toolbox(ToolUse((WEATHER, NOW), "required", only="now"))
    assert box.names == ("now",)
    assert box.judged({"name": "get_weather", "arguments": {"city": "Oslo"}}) == [
        Fault("There is no tool 'get_weather'. There are: now.")
    ]


def test_a_careless_name_that_two_tools_may_mean_is_none() -> None:
    box = Toolbox(ToolUse((Tool("Read"), Tool("read"), Tool("write"))))
    assert box.known("read") == "read"
    assert box.known("READ") is None
    assert box.known("Write") == "write"


def test_a_schema_that_is_none_judges_nothing() -> None:
    box = Toolbox(ToolUse((Tool("t", "", '{"type": 5}'),)))
    assert box.judged({"name": "t", "arguments": {"a": 1}}) == [Call("t", '{"a": 1}')]


def test_half_a_character_does_not_break_the_json() -> None:
    (call,) = BOX.judged({"name": "now", "arguments": {"a": "half \ud83e", "b": "ż"}})
    assert call == Call("now", '{"a": "half \\ud83e", "b": "\\u017c"}')
