"""A tool in few words: its arguments in the notation of TypeScript, which models read as well as JSON Schema.

get_weather: the weather of a city
{
  city: string // its name
  unit?: "c" | "f"
}
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.core.chat.request import Tool

_DEEPEST: Final = 8
_NOTES: Final = ("format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


@dataclass(frozen=True, slots=True)
class Detail:
    """How many characters the description of a tool, and that of an argument, may have; 0: none at all."""

    tool: int
    argument: int


def signature(tool: Tool, detail: Detail) -> str:
    """The tool as the prompt shows it. A schema that is none is shown as any object."""
    about = shortened(tool.description, detail.tool)
    head = f"{tool.name}: {about}" if about else tool.name
    try:
        schema = json.loads(tool.parameters)
    except (ValueError, RecursionError):
        schema = None
    if not isinstance(schema, Mapping):
        schema = {}
    return f"{head}\n{_Writer(schema, detail).type_of({'type': 'object', **schema}, 0)}"


def shortened(text: str, most: int) -> str:
    """The text in at most `most` characters: to the end of a sentence if one fits well, else of a word."""
    text = text.strip()
    if len(text) <= most:
        return text
    cut = text[:most]
    sentence = max(cut.rfind(end) for end in (". ", ".\n", "\n\n"))
    if sentence >= most // 2:
        return cut[: sentence + 1].rstrip()
    word = cut.rfind(" ")
    return f"{cut[:word].rstrip()}…" if word > 0 else cut and f"{cut}…"


class _Writer:
    """Writes the types of one schema, whose definitions are put where they are used."""

    def __init__(self, root: Mapping[str, Any], detail: Detail) -> None:
        self._root = root
        self._detail = detail

    def type_of(self, schema: object, depth: int) -> str:
        """The type that a schema (parsed JSON) describes; `depth` is also how far its lines are indented."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return "any"
        if "$ref" in schema:
            return self.type_of(self._found(schema["$ref"]), depth + 1)
        if "const" in schema:
            return _shown(schema["const"])
        if isinstance(schema.get("enum"), list):
            return " | ".join(map(_shown, schema["enum"])) or "never"
        for key, sign in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
            if isinstance(schema.get(key), list) and "properties" not in schema:
                return sign.join(dict.fromkeys(self.type_of(way, depth) for way in schema[key])) or "any"
        return self._named(schema, depth)

    def _named(self, schema: Mapping[str, Any], depth: int) -> str:
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return " | ".join(self._named({**schema, "type": kind}, depth) for kind in kinds) or "any"
        match kinds:
            case "object":
                return self._object(schema, depth)
            case "array":
                items = self.type_of(schema.get("items"), depth)
                return f"({items})[]" if " | " in items or " & " in items else f"{items}[]"
            case "string" | "integer" | "number" | "boolean" | "null":
                return str(kinds)
            case _:
                return self._object(schema, depth) if "properties" in schema else "any"

    def _object(self, schema: Mapping[str, Any], depth: int) -> str:
        properties = schema.get("properties")
        if not isinstance(properties, Mapping) or not properties:
            rest = schema.get("additionalProperties")
            return f"{{ [name: string]: {self.type_of(rest, depth)} }}" if rest else "{}"
        required = schema.get("required")
        needed: Sequence[object] = required if isinstance(required, list) else ()
        indent = "  " * (depth + 1)
        lines = [
            f"{indent}{_key(name)}{'' if name in needed else '?'}: {self.type_of(member, depth + 1)}"
            f"{self._comment(member)}"
            for name, member in properties.items()
        ]
        return "\n".join(("{", *lines, f"{'  ' * depth}}}"))

    def _comment(self, schema: object) -> str:
        if not isinstance(schema, Mapping) or not self._detail.argument:
            return ""
        about = schema.get("description")
        words = [shortened(" ".join(about.split()), self._detail.argument)] if isinstance(about, str) else []
        words += [f"{note}: {_shown(schema[note])}" for note in _NOTES if note in schema]
        words += [f"default: {_shown(schema['default'])}"] if "default" in schema else []
        return f" // {'; '.join(filter(None, words))}" if any(words) else ""

    def _found(self, ref: object) -> object:
        """What a reference within the schema points at; None if nothing."""
        found: object = self._root
        for step in str(ref).removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if str(ref).startswith("#") else None


def _key(name: str) -> str:
    return name if name.isidentifier() else _shown(name)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
