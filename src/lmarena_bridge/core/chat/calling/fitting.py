"""Arguments of a call, made to fit the tool's schema where only the kind of a value is wrong.

Models write `"5"` for 5, `"true"` for true, a list or an object as the text of one, one thing where a list of
them is wanted, and null for what they leave out. Nothing else is changed: the schema judges afterwards.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_DEEPEST: Final = 40
_TYPES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "string": str,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
        "null": type(None),
    }
)


def fitted(arguments: dict[str, object], schema: object) -> dict[str, object]:
    """The arguments as the schema (parsed JSON) would have them; what is no schema changes nothing."""
    return _members(arguments, schema, 0) if isinstance(schema, Mapping) else arguments


def _fitted(value: object, schema: object, depth: int) -> object:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return value
    kinds = _kinds(schema)
    if kinds and not any(_is(value, kind) for kind in kinds):
        value = next((made for kind in kinds for made in _made(value, kind)), value)
    if isinstance(value, dict):
        return _members(value, schema, depth)
    if isinstance(value, list):
        return [_fitted(item, schema.get("items"), depth + 1) for item in value]
    return value


def _members(value: dict[str, object], schema: Mapping[str, Any], depth: int) -> dict[str, object]:
    properties, required = schema.get("properties"), schema.get("required")
    known: Mapping[str, object] = properties if isinstance(properties, Mapping) else {}
    needed = required if isinstance(required, list) else []
    return {
        name: _fitted(member, known.get(name), depth + 1)
        for name, member in value.items()
        if member is not None or name in needed or _takes_null(known.get(name))
    }


def _takes_null(schema: object) -> bool:
    """Whether null may mean something there: where nothing is said, it may."""
    if not isinstance(schema, Mapping):
        return True
    kinds = _kinds(schema)
    return "null" in kinds if kinds else None in schema.get("enum", (None,))


def _kinds(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The types it names, also by alternatives; () if it leaves any of them open."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    if isinstance(named, list):
        return tuple(each for each in named if isinstance(each, str))
    for key in ("anyOf", "oneOf"):
        ways = schema.get(key)
        if isinstance(ways, list):
            kinds = [_kinds(way) if isinstance(way, Mapping) else () for way in ways]
            return tuple(kind for each in kinds for kind in each) if all(kinds) else ()
    return ()


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(kind, ()))


def _made(value: object, kind: str) -> tuple[object, ...]:
    """The value as one of that kind; () if it cannot be meant so."""
    if not isinstance(value, str):
        if kind == "string" and isinstance(value, int | float):
            return (json.dumps(value),)
        return ([value],) if kind == "array" and value is not None else ()
    read = _read(value.strip(), kind)
    if _is(read, kind) and kind != "null":
        return (read,)
    return ([value],) if kind == "array" else ()


def _read(text: str, kind: str) -> object:
    """The JSON that the text is, if it may be that of a value of the kind."""
    if kind == "boolean":
        text = text.lower()
    if kind in ("integer", "number") and not _NUMBER.fullmatch(text):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
