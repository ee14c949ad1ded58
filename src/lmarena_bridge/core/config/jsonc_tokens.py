"""The smallest pieces of JSONC: gaps between values, strings, numbers and the three words.

JSONC is JSON (RFC 8259) with // and /* */ comments; trailing commas are the business of `jsonc`. Every error
is a sentence for a person who edits a settings file by hand, not for a programmer.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from lmarena_bridge.core.sentences import Sentence, Template, Value

BOM: Final = "\ufeff"

# A number that no setting needs, and that would take Python long to convert.
_MAX_NUMBER: Final = 400

_GAP: Final = re.compile(r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_STRING_BODY: Final = re.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?")
_WORD: Final = re.compile(r"[^\s\"'{}\[\],:/]++")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")

_WORDS: Final[Mapping[str, bool | None]] = MappingProxyType({"true": True, "false": False, "null": None})
_MEANT: Final = MappingProxyType(
    {
        "none": "null",
        "undefined": "null",
        "yes": "true",
        "no": "false",
        "on": "true",
        "off": "false",
    }
)
_TYPOGRAPHIC: Final = "“”„‟«»‘’‚‛"

_COMMENT_OPEN: Final = Template("jsonc.comment.open", "this comment is never closed with */")
_HALF: Final = Template("jsonc.half.character", "this text holds half of a character (a lone \\ud… escape)")
_NO_VALUE_AT_END: Final = Template("jsonc.no.value.at.end", "the file ends here, but a value is missing")
_NO_COMMENT: Final = Template("jsonc.no.comment", "a comment starts with // or with /*")
_NO_VALUE: Final = Template("jsonc.no.value", "a value is missing before this {sign}")
_NO_START: Final = Template(
    "jsonc.no.start", '{sign} cannot start a value; a text stands in straight quotes: "'
)
_LONG_NUMBER: Final = Template("jsonc.number.long", "this number is too long")
_LARGE_NUMBER: Final = Template("jsonc.number.large", "this number is too large")
_INSTEAD: Final = Template("jsonc.instead", "write {meant} instead of {word}")
_NO_NUMBER: Final = Template("jsonc.no.number", "{word} is not a number as JSON writes it")
_NO_TEXT: Final = Template("jsonc.no.text", '{word} is not a value; a text must stand in double quotes: "')
_BACKSLASH: Final = Template("jsonc.backslash", "a backslash in a text must be doubled: \\\\")
_TEXT_OPEN: Final = Template("jsonc.text.open", "this text is never closed with a double quote")
_ESCAPE: Final = Template("jsonc.escape", "{sign} cannot stand in a text; write it as an escape")
_INVISIBLE: Final = Template("jsonc.invisible", "the invisible character {code}")

Scalar = str | int | float | bool | None


class JsoncError(ValueError):
    """The text is not JSONC. `line` and `column` count from 1, the column in characters."""

    def __init__(self, message: Sentence, text: str, offset: int) -> None:
        self.message = message
        self.line, self.column = position(text, offset)
        super().__init__(f"line {self.line}, column {self.column}: {message}")


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both from 1; a byte order mark is not counted."""
    ends = [newline.end() for newline in _NEWLINE.finditer(text, 0, offset)]
    start = ends[-1] if ends else int(text.startswith(BOM))
    return len(ends) + 1, max(offset - start, 0) + 1


def skip_gap(text: str, at: int) -> int:
    """The offset of the next character that is neither white space nor in a comment."""
    at = _end(_GAP, text, at)
    if text.startswith("/*", at):
        raise JsoncError(_COMMENT_OPEN(), text, at)
    return at


def read_string(text: str, at: int) -> tuple[str, int]:
    """The string whose opening quote is at `at`, and the offset behind its closing quote."""
    end = _end(_STRING_BODY, text, at + 1)
    if not text.startswith('"', end):
        _refuse_string(text, at, end)
    value: str = json.loads(text[at : end + 1])
    if _SURROGATE.search(value):
        raise JsoncError(_HALF(), text, at)
    return value, end + 1


def read_scalar(text: str, at: int) -> tuple[Scalar, int]:
    """The string, number, true, false or null at `at`, and the offset behind it."""
    if text.startswith('"', at):
        return read_string(text, at)
    word = _WORD.match(text, at)
    if word is None:
        refuse_value(text, at)
    if word[0] in _WORDS:
        return _WORDS[word[0]], word.end()
    return _read_number(text, at, word[0]), word.end()


def refuse_value(text: str, at: int) -> NoReturn:
    """Say why there is no value at `at`."""
    match text[at : at + 1]:
        case "":
            raise JsoncError(_NO_VALUE_AT_END(), text, at)
        case "/":
            raise JsoncError(_NO_COMMENT(), text, at)
        case "," | "}" | "]" | ":" as char:
            raise JsoncError(_NO_VALUE(sign=char), text, at)
        case char:
            raise JsoncError(_NO_START(sign=_named(char)), text, at)


def _read_number(text: str, at: int, word: str) -> int | float:
    number = _NUMBER.fullmatch(word)
    if number is None:
        _refuse_word(text, at, word)
    if len(word) > _MAX_NUMBER:
        raise JsoncError(_LONG_NUMBER(), text, at)
    if number[1] is None and number[2] is None:
        return int(word)
    value = float(word)
    if value in (float("inf"), float("-inf")):
        raise JsoncError(_LARGE_NUMBER(), text, at)
    return value


def _refuse_word(text: str, at: int, word: str) -> NoReturn:
    meant = _MEANT.get(word.lower(), word.lower())
    if meant in _WORDS:
        raise JsoncError(_INSTEAD(meant=meant, word=word), text, at)
    if word[0] in "+-.0123456789":
        raise JsoncError(_NO_NUMBER(word=_short(word)), text, at)
    if word[0] in _TYPOGRAPHIC or not word[0].isprintable():
        refuse_value(text, at)
    raise JsoncError(_NO_TEXT(word=_short(word)), text, at)


def _refuse_string(text: str, start: int, end: int) -> NoReturn:
    match text[end : end + 1]:
        case "\\":
            raise JsoncError(_BACKSLASH(), text, end)
        case "" | "\r" | "\n":
            raise JsoncError(_TEXT_OPEN(), text, start)
        case char:
            raise JsoncError(_ESCAPE(sign=_named(char)), text, end)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _named(char: str) -> Value:
    return char if char.isprintable() and char != " " else _INVISIBLE(code=f"U+{ord(char):04X}")


def _short(word: str) -> str:
    return word if len(word) <= 30 else word[:30] + "…"
