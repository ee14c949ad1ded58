"""Answers in JSON, for who asks for them: a value that fits the schema, in a fence as models like to put it.

Who wants to see a model that does not listen says “in prose” (once), or “in prose, always”.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from lmarena_bridge.demo.answers.voice import Language
from lmarena_bridge.demo.conversation import Conversation

_WISH: Final = re.compile(
    r"\bone JSON (?:object|value) and nothing else\b(?:.*?\bJSON Schema:\n(.+))?", re.DOTALL
)
_PROSE: Final = re.compile(r"\bin prose\b", re.IGNORECASE)
_ALWAYS: Final = re.compile(r"\bin prose, always\b", re.IGNORECASE)
# A schema may contain itself.
_DEEPEST: Final = 12


def in_json(conversation: Conversation, language: Language) -> str | None:
    """A value that fits, if JSON was asked for anywhere in the conversation."""
    asked = "\n\n".join(turn.text for turn in conversation.asked)
    wish = _WISH.search(asked)
    if not wish or _ALWAYS.search(asked) or _PROSE.search(conversation.question):
        return None
    hint = {"en": "Here it is:", "pl": "Proszę:"}[language]
    return f"{hint}\n\n```json\n{json.dumps(_wanted(wish[1]), ensure_ascii=False, indent=2)}\n```"


def _wanted(schema: str | None) -> object:
    if schema is None:
        return {"answer": "Zażółć gęślą jaźń 🦔", "count": 3}
    try:
        whole, _ = json.JSONDecoder().raw_decode(schema)
    except ValueError:
        return {}
    return Sample(whole).of(whole)


class Sample:
    """Makes values that fit a schema; `whole` is where its references point into."""

    def __init__(self, whole: object) -> None:
        self._whole = whole

    def of(self, schema: Any, depth: int = 0) -> object:
        """A value that fits, as plain as can be."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return None
        match schema:
            case {"$ref": str(reference)}:
                return self.of(self._found(reference), depth + 1)
            case {"const": value} | {"enum": [value, *_]}:
                return value
            case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first, *_]}:
                return self.of(first, depth + 1)
        return self._of_type(_type(schema), schema, depth)

    def _of_type(self, kind: str, schema: Mapping[str, Any], depth: int) -> object:
        match kind:
            case "object":
                return {name: self.of(each, depth + 1) for name, each in schema.get("properties", {}).items()}
            case "array":
                return [self.of(schema.get("items", {}), depth + 1)] * max(1, schema.get("minItems", 1))
            case "integer" | "number":
                return schema.get("minimum", 7)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return "jeż 🦔".ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]

    def _found(self, reference: str) -> object:
        place: object = self._whole
        for step in reference.removeprefix("#").strip("/").split("/"):
            place = place.get(step) if step and isinstance(place, Mapping) else place
        return place


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return str(kind[0] if isinstance(kind, list) and kind else kind)
