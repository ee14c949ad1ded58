"""The kinds of values that a setting can have: what is accepted, what it becomes, what was expected.

A check never guesses: `"5102"` is no port and `1` is no flag. Only spellings that cannot be misunderstood are
forgiven (`"a"` for the side A).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# A JSON Schema, or a part of one.
Schema = Mapping[str, Any]


class Check(Protocol):
    """A kind of value. `expected` completes the sentence 'must be …'."""

    @property
    def expected(self) -> str: ...

    @property
    def schema(self) -> Schema:
        """The same for editors, as JSON Schema (draft 7)."""
        ...

    def read(self, value: object) -> Any:
        """The value as the program wants it. Raises ValueError if it is none of this kind."""
        ...


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    expected: str = "true or false"

    @property
    def schema(self) -> Schema:
        return {"type": "boolean"}

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A text; white space around it, left by copy and paste, is dropped."""

    expected: str = "a text in double quotes"

    @property
    def schema(self) -> Schema:
        return {"type": "string"}

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        return value.strip()


@dataclass(frozen=True, slots=True)
class FilledText(Text):
    """A text that is not empty."""

    expected: str = "a text that is not empty"

    @property
    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"\S"}

    def read(self, value: object) -> str:
        text = Text.read(self, value)
        if not text:
            raise ValueError
        return text


@dataclass(frozen=True, slots=True)
class WebAddress(Text):
    """An http or https address, or nothing."""

    expected: str = "an address that begins with http:// or https://"

    @property
    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\s*([Hh][Tt][Tt][Pp][Ss]?://|$)"}

    def read(self, value: object) -> str:
        text = Text.read(self, value)
        if text and not text.lower().startswith(("http://", "https://")):
            raise ValueError
        return text


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts; empty ones are dropped."""

    expected: str = 'a list of texts, like ["one", "two"]'

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": Text().schema}

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError
        texts = [Text().read(text) for text in value]
        return tuple(text for text in texts if text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, in any case."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        return " or ".join(f'"{word}"' for word in self.words)

    @property
    def schema(self) -> Schema:
        return {"enum": list(self.words)}

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        for word in self.words:
            if word.lower() == value.strip().lower():
                return word
        raise ValueError


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    @property
    def expected(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    @property
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time in seconds, whole or not, from `least` to `most`."""

    least: float
    most: float

    @property
    def expected(self) -> str:
        return f"a number of seconds from {self.least:g} to {self.most:g}"

    @property
    def schema(self) -> Schema:
        return {"type": "number", "minimum": self.least, "maximum": self.most}

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not self.least <= value <= self.most:
            raise ValueError
        return float(value)


def found(value: object) -> str:
    """Says what stands there instead, short enough for a sentence."""
    match value:
        case Mapping():
            return "an object {…}"
        case str():
            return json.dumps(value if len(value) <= 40 else value[:40] + "…", ensure_ascii=False)
        case Sequence():
            return "a list […]"
        case _:
            return json.dumps(value)


def found_kind(value: object) -> str:
    """The same without the value, for what must not be shown."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "another text"
        case _:
            return found(value)
