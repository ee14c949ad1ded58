import json

import pytest

from demo.asking import talk
from lmarena_bridge.demo.answers.chat import chat_answer

WISH = "Answer with one JSON object and nothing else: no word before or after it."
BY_SCHEMA = "Answer with one JSON value and nothing else. It must be valid by this JSON Schema:\n"


def value(schema: object) -> object:
    answer = chat_answer(talk(f"Which?\n\n{BY_SCHEMA}{json.dumps(schema)}"))
    assert answer.startswith("Here it is:\n\n```json\n")
    return json.loads(answer.removeprefix("Here it is:\n\n```json\n").removesuffix("\n```"))


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        (
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"enum": ["x"]}}},
            {"a": 7, "b": "x"},
        ),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"anyOf": [{"const": 5}, {"type": "null"}]}, 5),
        ({"type": ["number", "null"], "minimum": 9}, 9),
        ({"type": "null"}, None),
        ({"type": "string", "maxLength": 3}, "jeż"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"b": {"type": "null"}}}}}, {"b": None}),
        ({"$ref": "#"}, None),
        (True, None),
    ],
)
def test_the_value_fits_the_schema(schema: object, fits: object) -> None:
    assert value(schema) == fits


def test_without_a_schema_it_is_any_object() -> None:
    assert '"answer"' in chat_answer(talk(f"Which?\n\n{WISH}"))
    assert "```json\n{}\n```" in chat_answer(talk(f"Which?\n\n{BY_SCHEMA}none"))


def test_a_model_that_does_not_listen_can_be_had_once_or_always() -> None:
    once = f"Tell me in prose.\n\n{WISH}"
    assert "```json" not in chat_answer(talk(once))
    assert "```json" in chat_answer(talk(once, "Prose.", "That cannot be used."))
    always = f"Tell me in prose, always.\n\n{WISH}"
    assert "```json" not in chat_answer(talk(always, "Prose.", "That cannot be used."))
    assert "```json" not in chat_answer(talk("Hello"))
