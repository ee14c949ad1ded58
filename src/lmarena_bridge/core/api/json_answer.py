"""An answer that shall be JSON, in whatever field a dialect says it."""

import msgspec

from lmarena_bridge.core.chat.json_schema import Schema
from lmarena_bridge.core.chat.request import AnswerFormat
from lmarena_bridge.core.errors import InvalidRequest


def json_by_schema(schema: dict[str, object] | bool | None, place: str) -> AnswerFormat:
    """The format; any object without a schema. `place` is where the request has it. Raises InvalidRequest."""
    if schema is None:
        return AnswerFormat()
    text = msgspec.json.encode(schema).decode("utf-8")
    try:
        Schema(text)
    except ValueError as error:
        fault = f"`{place}` is no JSON Schema that can be used: {error}."
        raise InvalidRequest(fault, param=place) from None
    return AnswerFormat(text)
