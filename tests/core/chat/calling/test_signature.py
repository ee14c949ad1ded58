import json

import pytest

from lmarena_bridge.core.chat.calling.signature import Detail, shortened, signature
from lmarena_bridge.core.chat.request import Tool

ALL = Detail(10_000, 10_000)


def shown(parameters: object, detail: Detail = ALL) -> str:
    head, _, types = signature(Tool("t", "", json.dumps(parameters)), detail).partition("\n")
    assert head == "t"
    return types


def member(schema: object) -> str:
    """The one line of an object whose only member has this schema."""
    first, line, last = shown({"properties": {"a": schema}}).split("\n")
    assert (first, last) == ("{", "}")
    return line.removeprefix("  a?: ")


def test_a_tool_in_full() -> None:
    tool = Tool(
        "get_weather",
        "The weather of a city.\nNow, or later.",
        json.dumps(
            {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "its\nname", "minLength": 1},
                    "unit": {"enum": ["c", "f"], "default": "c"},
                    "when": {
                        "type": "object",
                        "description": "a day",
                        "properties": {
                            "day": {"type": "string", "format": "date"},
                            "the hour": {"type": "integer"},
                        },
                        "required": ["day"],
                    },
                },
                "required": ["city"],
            }
        ),
    )
    assert signature(tool, ALL) == (
        "get_weather: The weather of a city.\n"
        "Now, or later.\n"
        "{\n"
        "  city: string // its name; minLength: 1\n"
        '  unit?: "c" | "f" // default: "c"\n'
        "  when?: {\n"
        '    day: string // format: "date"\n'
        '    "the hour"?: integer\n'
        "  } // a day\n"
        "}"
    )
    assert signature(tool, Detail(0, 0)) == (
        "get_weather\n"
        "{\n"
        "  city: string\n"
        '  unit?: "c" | "f"\n'
        '  when?: {\n    day: string\n    "the hour"?: integer\n  }\n'
        "}"
    )


@pytest.mark.parametrize(
    "parameters", ["", "{", "5", "[]", "true", "{}", '{"type": "object"}', "[" * 100_000]
)
def test_a_tool_without_arguments_or_with_a_schema_that_is_none(parameters: str) -> None:
    assert signature(Tool("now", "The time", parameters), ALL) == "now: The time\n{}"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, "string"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer // minimum: 1; maximum: 9"),
        ({"type": "number"}, "number"),
        ({"type": "boolean", "default": False}, "boolean // default: false"),
        ({"type": "null"}, "null"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"type": []}, "any"),
        ({"type": "unheard-of"}, "any"),
        ({}, "any"),
        (True, "any"),
        ({"const": "x"}, '"x"'),
        ({"enum": ["x", 1, None, "ż"]}, '"x" | 1 | null | "ż"'),
        ({"enum": []}, "never"),
        ({"enum": "x"}, "any"),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array", "items": {"enum": [1, 2]}}, "(1 | 2)[]"),
        ({"type": "array"}, "any[]"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "string"}]}, "string | integer"),
        ({"oneOf": []}, "any"),
        ({"allOf": [{"type": "string"}, {"enum": ["x"]}]}, 'string & "x"'),
        ({"anyOf": "x"}, "any"),
        ({"type": "object"}, "{}"),
        ({"type": "object", "properties": "x"}, "{}"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "{ [name: string]: string }"),
        ({"type": "object", "additionalProperties": True}, "{ [name: string]: any }"),
        ({"type": "object", "additionalProperties": False}, "{}"),
        ({"description": 5}, "any"),
        ({"$ref": "#/$defs/none"}, "any"),
        ({"$ref": "https://example.org/schema"}, "any"),
        ({"$ref": 5}, "any"),
    ],
)
def test_types(schema: object, text: str) -> None:
    assert member(schema) == text


def test_members_of_an_object_whose_type_is_not_named_are_shown() -> None:
    one_of = {"properties": {"b": {"type": "string"}}, "required": ["b"], "oneOf": [{"required": ["b"]}]}
    assert shown({"properties": {"a": one_of}, "required": "a"}) == "{\n  a?: {\n    b: string\n  }\n}"


def test_definitions_are_put_where_they_are_used() -> None:
    parameters = {
        "type": "object",
        "properties": {
            "a": {"$ref": "#/$defs/x~1y"},
            "b": {"type": "array", "items": {"$ref": "#/$defs/x~1y"}},
        },
        "$defs": {"x/y": {"type": "string"}},
    }
    assert shown(parameters) == "{\n  a?: string\n  b?: string[]\n}"


def test_definitions_that_hold_themselves_come_to_an_end() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}
    text = shown({"type": "object", "properties": {"a": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}})
    assert "next?: any" in text
    assert len(text) < 500
    loop = {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}
    assert shown(loop) == "{\n  a?: any\n}"


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Short.", 10, "Short."),
        (" Short. \n", 10, "Short."),
        ("One sentence. And another one that is long.", 25, "One sentence."),
        ("One paragraph\n\nand another one", 20, "One paragraph"),
        ("I. Then a sentence that is long", 20, "I. Then a sentence…"),
        ("Unbreakable", 5, "Unbre…"),
        ("Anything", 0, ""),
        ("", 0, ""),
    ],
)
def test_descriptions_are_shortened_where_they_may_be(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
