"""Finds the objects of models in a text that is JSON for the most part, in one pass.

The list has had several names, and objects have moved about (site-protocol.md 8), so both are looked for:
lists by name, and whatever object has the fields that only models have.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# Names of the list: since 2025-08, and in 2025-07. "" stands for objects that are in neither.
LISTS: Final = ("initialModels", "initialState", "")

# An object that has them all is a model.
_FIELDS: Final = frozenset({"id", "publicName"})

# Strings as a whole, so that no bracket or quote in them counts; one that never ends reaches to the end.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_CLOSING: Final[Mapping[str, str]] = {"{": "}", "[": "]"}


@dataclass(slots=True)
class _Open:
    """A bracket that is not closed yet. `name`: the key it stands under; `key`: the last key inside it."""

    bracket: str
    start: int
    name: str
    key: str = ""
    fields: frozenset[str] = frozenset()

    @property
    def list_name(self) -> str:
        return self.name if self.bracket == "[" and self.name in LISTS else ""


def model_objects(texts: Iterable[str]) -> dict[str, list[str]]:
    """The objects of models as JSON texts, under the name of the list they stand in directly."""
    found: dict[str, list[str]] = {name: [] for name in LISTS}
    for text in texts:
        if '"publicName"' in text:
            for name, spans in _Scan(text).spans().items():
                found[name] += [text[start:end] for start, end in spans]
    return found


class _Scan:
    """One pass over one text. A bracket that fits nothing means that what is open is no JSON after all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Open] = []
        self._spans: dict[str, list[tuple[int, int]]] = {name: [] for name in LISTS}

    def spans(self) -> dict[str, list[tuple[int, int]]]:
        for token in _TOKEN.finditer(self._text):
            match token[0]:
                case "{" | "[" as bracket:
                    self._enter(bracket, token.start())
                case "}" | "]" as bracket:
                    self._leave(bracket, token.end())
                case string:
                    self._note(string, token.end())
        return self._spans

    def _enter(self, bracket: str, start: int) -> None:
        name = self._open[-1].key if self._open and self._open[-1].bracket == "{" else ""
        self._open.append(_Open(bracket, start, name))

    def _note(self, string: str, end: int) -> None:
        if self._open and self._text.startswith(":", end):
            around = self._open[-1]
            around.key = string[1:-1]
            if around.key in _FIELDS:
                around.fields |= {around.key}

    def _leave(self, bracket: str, end: int) -> None:
        if not self._open or _CLOSING[self._open[-1].bracket] != bracket:
            self._open.clear()
            return
        closed = self._open.pop()
        if bracket == "}" and closed.fields == _FIELDS:
            spans = self._spans[self._open[-1].list_name if self._open else ""]
            # An object inside of it is a part of it, and read with it: no character is read twice.
            while spans and spans[-1][0] > closed.start:
                spans.pop()
            spans.append((closed.start, end))
