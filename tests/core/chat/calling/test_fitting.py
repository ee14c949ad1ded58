from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.calling.fitting import fitted


def of(schema: object, *, required: bool = False) -> dict[str, object]:
    return {"type": "object", "properties": {"a": schema}, "required": ["a"] if required else []}


INTEGER = {"type": "integer"}
TEXTS = {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("schema", "value", "made"),
    [
        (INTEGER, "5", 5),
        (INTEGER, " -5 ", -5),
        (INTEGER, "5.0", 5.0),
        (INTEGER, "5.5", "5.5"),
        (INTEGER, "five", "five"),
        (INTEGER, "", ""),
        (INTEGER, True, True),
        (INTEGER, 5.0, 5.0),
        ({"type": "number"}, "2.5", 2.5),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "number"}, "NaN", "NaN"),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "False", False),
        ({"type": "boolean"}, "yes", "yes"),
        ({"type": "boolean"}, 1, 1),
        ({"type": "string"}, 5, "5"),
        ({"type": "string"}, True, "true"),
        ({"type": "string"}, 2.5, "2.5"),
        ({"type": "string"}, ["x"], ["x"]),
        ({"type": "string"}, "5", "5"),
        (TEXTS, "x", ["x"]),
        (TEXTS, 5, ["5"]),
        (TEXTS, '["x", "y"]', ["x", "y"]),
        (TEXTS, "[x", ["[x"]),
        (TEXTS, [1, "y"], ["1", "y"]),
        ({"type": "array"}, {"b": 1}, [{"b": 1}]),
        ({"type": "object"}, '{"b": 1}', {"b": 1}),
        ({"type": "object"}, "b", "b"),
        ({"type": "object"}, "[1]", "[1]"),
        ({"type": "object"}, "[" * 100_000, "[" * 100_000),
        ({"type": "object", "properties": {"b": INTEGER}}, '{"b": "1"}', {"b": 1}),
        ({"type": "null"}, "null", "null"),
        ({"type": ["integer", "null"]}, "5", 5),
        ({"type": ["integer", "null"]}, None, None),
        ({"type": ["integer", 5]}, "5", 5),
        ({"anyOf": [INTEGER, {"type": "null"}]}, "5", 5),
        ({"oneOf": [INTEGER, {"enum": ["x"]}]}, "5", "5"),
        ({"anyOf": [INTEGER, True]}, "5", "5"),
        ({"anyOf": "x"}, "5", "5"),
        ({"type": "unheard-of"}, "5", "5"),
        ({"type": 7}, "5", "5"),
        ({}, "5", "5"),
        (True, "5", "5"),
    ],
)
def test_a_value_of_the_wrong_kind_is_made_the_right_one_where_it_can_only_be_meant_so(
    schema: object, value: object, made: object
) -> None:
    result = fitted({"a": value}, of(schema))
    assert result == {"a": made}
    assert type(result["a"]) is type(made)


@pytest.mark.parametrize(
    ("schema", "stays"),
    [
        (of(INTEGER), False),
        (of(INTEGER, required=True), True),
        (of({"type": ["integer", "null"]}), True),
        (of({"enum": ["x", None]}), True),
        (of({"enum": ["x"]}), False),
        (of({"description": "anything"}), True),
        (of(True), True),
        ({"type": "object"}, True),
        ({"properties": "x", "required": "a"}, True),
        ({"properties": {"a": INTEGER}, "required": "a"}, False),
    ],
)
def test_null_is_left_out_where_it_means_nothing(schema: object, stays: bool) -> None:
    assert fitted({"a": None}, schema) == ({"a": None} if stays else {})


def test_what_is_no_schema_changes_nothing() -> None:
    assert fitted({"a": "5"}, True) == {"a": "5"}


def test_a_schema_that_goes_on_for_ever_is_not_followed_for_ever() -> None:
    value: dict[str, Any] = {"a": "5"}
    schema: dict[str, Any] = {"type": "object", "properties": {"a": INTEGER}}
    for _ in range(60):
        value, schema = {"a": value}, {"type": "object", "properties": {"a": schema}}
    inner: Any = fitted(value, schema)
    for _ in range(60):
        inner = inner["a"]
    assert inner == {"a": "5"}


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()))
def test_arguments_that_are_not_spoken_of_stay(arguments: dict[str, Any]) -> None:
    assert fitted(dict(arguments), {"type": "object", "properties": {}}) == arguments
