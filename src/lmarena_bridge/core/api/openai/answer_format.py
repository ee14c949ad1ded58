"""`response_format`: text, any JSON object, or JSON by a schema."""

from typing import NoReturn

import msgspec

from lmarena_bridge.core.api.json_answer import json_by_schema
from lmarena_bridge.core.chat.request import AnswerFormat
from lmarena_bridge.core.errors import InvalidRequest


class JsonSchema(msgspec.Struct, frozen=True):
    """`name`, `description` and `strict` say nothing that the schema does not."""

    schema: dict[str, object] | bool | None = None


class ResponseFormat(msgspec.Struct, frozen=True):
    type: str | None = None
    json_schema: JsonSchema | None = None
    # Where some servers of this API have it for json_object.
    schema: dict[str, object] | bool | None = None


def read_format(wanted: ResponseFormat | None) -> AnswerFormat | None:
    """The format, None for text. Raises InvalidRequest."""
    match wanted:
        case None | ResponseFormat(type=None | "text"):
            return None
        case ResponseFormat(type="json_object", schema=schema):
            return json_by_schema(schema, "response_format.schema")
        case ResponseFormat(type="json_schema", json_schema=JsonSchema(schema=schema)):
            return json_by_schema(schema, "response_format.json_schema.schema")
        case ResponseFormat(type="json_schema"):
            _refuse("response_format.json_schema", "is missing: it holds the schema.")
        case _:
            _refuse("response_format.type", f"is {wanted.type!r:.42}: use text, json_object or json_schema.")


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
