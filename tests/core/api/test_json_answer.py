import pytest

from lmarena_bridge.core.api.json_answer import json_by_schema
from lmarena_bridge.core.chat.request import AnswerFormat
from lmarena_bridge.core.errors import InvalidRequest


def test_a_schema_is_kept_as_text() -> None:
    assert json_by_schema({"type": "object"}, "here") == AnswerFormat('{"type":"object"}')


def test_without_one_any_object_will_do() -> None:
    assert json_by_schema(None, "here") == AnswerFormat()


def test_what_is_no_schema_is_refused_where_it_stands() -> None:
    with pytest.raises(InvalidRequest, match="no JSON Schema") as refused:
        json_by_schema({"type": 5}, "here")
    assert refused.value.param == "here"
