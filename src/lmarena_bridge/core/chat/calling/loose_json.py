"""JSON as models write it when they are careless.

Taken besides strict JSON: strings in single, typographic or triple quotes, line breaks and unknown escapes
inside strings, names without quotes, commas after the last member, comments, the literals of Python, brackets
that are missing at the very end, and brackets and fences that are too many there.

Never taken: a string without an end. What a call writes into a file or a shell must be whole, so a half is
nothing to guess the other half of; that is why no library for repairing JSON is used here, which would.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

_BLANK = re.compile(r"(?:[\s\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w$-]*|\$[\w$-]*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# What may follow a value that is whole: brackets and commas too many, the fence it stood in.
_REST = re.compile(r"[\s\]},;`]*\Z")
_QUOTES: Final[Mapping[str, str]] = MappingProxyType({'"': '"', "'": "'", "“": "”", "‘": "’"})
_LITERALS: Final[Mapping[str, object]] = MappingProxyType(
    {
        "true": True,
        "false": False,
        "null": None,
        "True": True,
        "False": False,
        "None": None,
        "undefined": None,
    }
)
_ESCAPES: Final[Mapping[str, str]] = MappingProxyType(
    {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\n": ""}
)
_DEEPEST: Final = 60


class NotJson(ValueError):
    """The text is not even carelessly JSON; the message says where and why, for the model to read."""


def read_json(text: str, *, whole: bool) -> object:
    """The value that the text holds. Raises NotJson.

    `whole`: its writer thought it complete, so brackets may be missing at the end; strings may not.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return _Reader(text, whole=whole).read()


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("JSON has no such number")


class _Reader:
    """Reads one value, character by character."""

    def __init__(self, text: str, *, whole: bool) -> None:
        self._text = text
        self._whole = whole
        self._at = 0

    def read(self) -> object:
        value = self._value(0)
        if not _REST.match(self._text, self._at):
            self._refuse("something follows the value")
        return value

    def _value(self, depth: int) -> object:
        if depth > _DEEPEST:
            self._refuse("it is nested too deeply")
        match self._next():
            case "{":
                return self._object(depth)
            case "[":
                return self._list(depth)
            case quote if quote in _QUOTES:
                return self._string(quote)
            case _:
                return self._word()

    def _object(self, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        self._at += 1
        while not self._ended("}"):
            name = self._member_name()
            if self._next() != ":":
                self._refuse(f"a colon is missing after {name!r}")
            self._at += 1
            members[name] = self._value(depth + 1)
            self._separated("}")
        return members

    def _list(self, depth: int) -> list[object]:
        items: list[object] = []
        self._at += 1
        while not self._ended("]"):
            items.append(self._value(depth + 1))
            self._separated("]")
        return items

    def _ended(self, bracket: str) -> bool:
        """Whether the object or list ends here, be it that its bracket is missing at the very end."""
        found = self._next()
        if found == bracket:
            self._at += 1
            return True
        if found == "" and not self._whole:
            self._refuse("it breaks off")
        return found == ""

    def _separated(self, bracket: str) -> None:
        found = self._next()
        if found == ",":
            self._at += 1
        elif found not in ("", bracket):
            self._refuse("a comma or a bracket is missing")

    def _member_name(self) -> str:
        quote = self._next()
        if quote in _QUOTES:
            return self._string(quote)
        name = _NAME.match(self._text, self._at)
        if name is None:
            self._refuse("a name in double quotes is missing")
        self._at = name.end()
        return name[0]

    def _string(self, quote: str) -> str:
        end = quote * 3 if self._text.startswith(quote * 3, self._at) else _QUOTES[quote]
        pieces: list[str] = []
        self._at += len(end)
        stop = re.compile(rf"\\|{end}")
        while True:
            found = stop.search(self._text, self._at)
            if found is None:
                self._refuse("a string has no end")
            pieces.append(self._text[self._at : found.start()])
            self._at = found.end()
            if found[0] == end:
                return "".join(pieces)
            pieces.append(self._escaped())

    def _escaped(self) -> str:
        """What a backslash and the character after it mean. An unknown escape means itself: `\\d`."""
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        if letter == "u":
            return self._by_number()
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        return (
            letter if letter in _QUOTES or letter in _QUOTES.values() or letter in "\\/`" else f"\\{letter}"
        )

    def _by_number(self) -> str:
        found = re.compile(r"[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*").match(self._text, self._at)
        if found is None:
            return "\\u"
        self._at = found.end()
        text: str = json.loads(f'"\\u{found[0]}"')
        return text

    def _word(self) -> object:
        number = _NUMBER.match(self._text, self._at)
        if number is not None:
            self._at = number.end()
            return _number(number[0])
        word = _NAME.match(self._text, self._at)
        if word is None or word[0] not in _LITERALS:
            self._refuse("a value is missing" if word is None else f"{word[0][:40]!r} is no value")
        self._at = word.end()
        return _LITERALS[word[0]]

    def _next(self) -> str:
        """The next character that means something; "" at the end."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._text[self._at : self._at + 1]

    def _refuse(self, fault: str) -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        shown = self._text[max(0, self._at - 20) : self._at + 20].replace("\n", "\\n")
        raise NotJson(f"{fault} (line {line}, near {shown!r})")


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
