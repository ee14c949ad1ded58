"""The kinds of values that a setting can have: what is accepted, what it becomes, what was expected.

A check never guesses: `"5102"` is no port and `1` is no flag. Only spellings that cannot be misunderstood are
forgiven (`"a"` for the side A).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Protocol

from lmarena_bridge.core.sentences import Sentence, Template, Value, verbatim

# A JSON Schema, or a part of one.
Schema = Mapping[str, Any]

# What a file holds instead of what it should.
MUST_BE: Final = Template("config.must.be", '"{name}" must be {expected}, but is {found}')

_FLAG: Final = Template("expected.flag", "true or false")()
_TEXT: Final = Template("expected.text", "a text in double quotes")()
_FILLED: Final = Template("expected.filled", "a text that is not empty")()
_ADDRESS: Final = Template("expected.address", "an address that begins with http:// or https://")()
_LIST: Final = Template("expected.texts", 'a list of texts, like ["one", "two"]')()
_OR: Final = Template("expected.or", "{one} or {other}")
_WHOLE: Final = Template("expected.whole", "a whole number from {least} to {most}")
_SECONDS: Final = Template("expected.seconds", "a number of seconds from {least} to {most}")

_FOUND_OBJECT: Final = Template("found.object", "an object {{…}}")
_FOUND_LIST: Final = Template("found.list", "a list […]")
_FOUND_FLAG: Final = Template("found.flag", "true or false")
_FOUND_NUMBER: Final = Template("found.number", "a number")
_FOUND_TEXT: Final = Template("found.text", "another text")


class Check(Protocol):
    """A kind of value. `expected` completes the sentence 'must be …'."""

    @property
    def expected(self) -> Sentence: ...

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

    expected: Sentence = _FLAG

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

    expected: Sentence = _TEXT

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

    expected: Sentence = _FILLED

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

    expected: Sentence = _ADDRESS

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

    expected: Sentence = _LIST

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
    def expected(self) -> Sentence:
        words = (verbatim(f'"{word}"') for word in self.words)
        return reduce(lambda said, other: _OR(one=said, other=other), words)

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
    def expected(self) -> Sentence:
        return _WHOLE(least=self.least, most=self.most)

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
    def expected(self) -> Sentence:
        return _SECONDS(least=f"{self.least:g}", most=f"{self.most:g}")

    @property
    def schema(self) -> Schema:
        return {"type": "number", "minimum": self.least, "maximum": self.most}

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not self.least <= value <= self.most:
            raise ValueError
        return float(value)


def found(value: object) -> Value:
    """Says what stands there instead, short enough for a sentence."""
    match value:
        case Mapping():
            return _FOUND_OBJECT()
        case str():
            return json.dumps(value if len(value) <= 40 else value[:40] + "…", ensure_ascii=False)
        case Sequence():
            return _FOUND_LIST()
        case _:
            return json.dumps(value)


def found_kind(value: object) -> Value:
    """The same without the value, for what must not be shown."""
    match value:
        case None:
            return "null"
        case bool():
            return _FOUND_FLAG()
        case int() | float():
            return _FOUND_NUMBER()
        case str():
            return _FOUND_TEXT()
        case _:
            return found(value)
