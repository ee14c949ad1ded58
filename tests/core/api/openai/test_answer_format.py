import json

import msgspec
import pytest

from lmarena_bridge.core.api.openai.answer_format import ResponseFormat, read_format
from lmarena_bridge.core.chat.request import AnswerFormat
from lmarena_bridge.core.errors import InvalidRequest

SCHEMA = {"type": "object", "required": ["a"]}


def read(wanted: object) -> AnswerFormat | None:
    return read_format(msgspec.json.decode(json.dumps(wanted), type=ResponseFormat | None))


@pytest.mark.parametrize("wanted", [None, {"type": "text"}, {}])
def test_text_is_no_format(wanted: object) -> None:
    assert read(wanted) is None


@pytest.mark.parametrize(
    "wanted",
    [{"type": "json_object"}, {"type": "json_schema", "json_schema": {"name": "n"}}],
)
def test_json_without_a_schema_is_any_object(wanted: object) -> None:
    assert read(wanted) == AnswerFormat()


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": SCHEMA}},
        {"type": "json_object", "schema": SCHEMA},
    ],
)
def test_a_schema_is_kept_as_text(wanted: object) -> None:
    found = read(wanted)
    assert found is not None
    assert json.loads(found.schema) == SCHEMA


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"type": "grammar"}, "response_format.type"),
        ({"type": "x" * 100}, "response_format.type"),
        ({"type": "json_schema"}, "response_format.json_schema"),
        (
            {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}},
            "response_format.json_schema.schema",
        ),
        ({"type": "json_object", "schema": {"$ref": "https://example.org/x"}}, "response_format.schema"),
    ],
)
def test_what_cannot_be_used_is_named(wanted: object, param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read(wanted)
    assert caught.value.param == param
    assert len(caught.value.message) < 500
