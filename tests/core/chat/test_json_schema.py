import json

import pytest

from lmarena_bridge.core.chat.json_schema import Schema

CITY = json.dumps(
    {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "array", "items": {"type": "integer"}}},
        "required": ["city"],
    }
)


def test_a_value_that_fits_has_no_fault() -> None:
    assert Schema(CITY).fault({"city": "Łódź", "days": [1, 2]}) == ""


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({}, '$: "city" is a required property'),
        ({"city": 5}, '$.city: 5 is not of type "string"'),
        ({"city": "Łódź", "days": [1, "2"]}, '$.days[1]: "2" is not of type "integer"'),
        ([], '$: [] is not of type "object"'),
    ],
)
def test_a_fault_says_where_and_what(value: object, fault: str) -> None:
    assert Schema(CITY).fault(value) == fault


def test_a_long_value_does_not_make_a_long_sentence() -> None:
    fault = Schema('{"type": "object"}').fault("x" * 10_000)
    assert len(fault) < 320
    assert fault.endswith("…")


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "{",
        '{"type": 5}',
        '{"pattern": "("}',
        '{"$ref": "#/$defs/none"}',
        '{"$ref": "http://127.0.0.1:1/schema"}',
        '{"$ref": "file:///etc/passwd"}',
        '{"$schema": "https://example.org/none"}',
        '{"not":' * 100_000 + "{}" + "}" * 100_000,
    ],
)
def test_what_is_no_schema_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schema(text)


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|aa)+$", r"(?=a)^(a*)*$"])
def test_no_pattern_keeps_the_program_busy(pattern: str) -> None:
    schema = Schema(json.dumps({"pattern": pattern}))
    assert schema.fault("a" * 5000 + "!")


def test_patterns_may_look_ahead_as_those_of_javascript_do() -> None:
    schema = Schema(r'{"pattern": "^(?!-)[a-z-]+$"}')
    assert schema.fault("a-b") == ""
    assert schema.fault("-b") == '$: "-b" does not match "^(?!-)[a-z-]+$"'


def test_values_that_are_odd_but_json_are_judged() -> None:
    schema = Schema('{"type": "object", "properties": {"n": {"type": "number"}, "s": {"type": "string"}}}')
    assert schema.fault({"n": 10**400, "s": "half an emoji \ud83e"}) == ""
