"""What GET /openapi.json says of addresses whose bodies we read and write ourselves, in OpenAPI's form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

Schema = Mapping[str, Any]

_PLACE: Final = "#/components/schemas/{name}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One POST. `body` is the type it is read into, or a form's schema; answers are named among the schemas.

    `event` is what the records of a stream hold.
    """

    path: str
    summary: str
    tag: str
    body: type | Schema
    answer: str
    event: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """Operations and the schemas they name; `error` is the one of all errors.

    `rules` are what is asked of the fields of bodies besides their types: by body and field.
    """

    operations: Sequence[Operation]
    schemas: Mapping[str, Schema]
    error: str
    rules: Mapping[str, Mapping[str, Schema]] = field(default_factory=dict)


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": _PLACE.format(name=name)}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these fields, and perhaps others."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties}


def paths(description: Description) -> dict[str, Any]:
    """OpenAPI's `paths`."""
    return {each.path: {"post": _operation(each, description.error)} for each in description.operations}


def schemas(description: Description) -> dict[str, Any]:
    """OpenAPI's `components.schemas`: those given, and those of the bodies."""
    bodies = [each.body for each in description.operations if isinstance(each.body, type)]
    _, found = msgspec.json.schema_components(bodies, schema_hook=_anything, ref_template=_PLACE)
    for body, rules in description.rules.items():
        found[body]["properties"].update(rules)
    return {**found, **description.schemas}


def _operation(each: Operation, error: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": ref(each.answer)}}
    if each.event:
        content["text/event-stream"] = {"schema": _event(each.event)}
    return {
        "summary": each.summary,
        "tags": [each.tag],
        "requestBody": {"required": True, "content": _body(each.body)},
        "responses": {
            "200": {"description": "The answer.", "content": content},
            "default": {
                "description": "An error.",
                "content": {"application/json": {"schema": ref(error)}},
            },
        },
    }


def _event(name: str) -> Schema:
    """A record of a stream; its data is JSON, or the word that ends it."""
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": ref(name)}
    return record({"data": data}, {"event": {"type": "string"}})


def _body(body: type | Schema) -> dict[str, Any]:
    if isinstance(body, type):
        return {"application/json": {"schema": ref(body.__name__)}}
    return {"multipart/form-data": {"schema": body, "encoding": {"image": {"contentType": "image/png"}}}}


def _anything(kind: type) -> dict[str, Any]:
    """`object` means that whatever stands there is taken."""
    if kind is not object:
        raise NotImplementedError
    return {"description": "anything"}
