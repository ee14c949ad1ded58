"""How a JSONC text is laid out, so that what is added looks like what is there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.core.config.jsonc_gaps import first_newline
from lmarena_bridge.core.config.jsonc_tokens import BOM
from lmarena_bridge.core.config.jsonc_tree import Container, Document, Node

_DEFAULT_UNIT: Final = "  "
_INDENTED: Final = re.compile(r'^([ \t]+)(?=["{\[/])', re.MULTILINE)
# A list of texts and numbers stays on one line up to this many characters.
_SHORT: Final = 80
# Some programs take these for the end of a line.
_LINE_ENDS: Final = str.maketrans({"\x85": r"\u0085", "\u2028": r"\u2028", "\u2029": r"\u2029"})


@dataclass(frozen=True, slots=True)
class Layout:
    """The line ends of a text, and what one level of depth is indented by."""

    newline: str
    unit: str

    def render(self, value: Any, indent: str, *, flat: bool = False) -> str:
        """The value as JSON. `indent` is that of the line it begins on; `flat`: all on this line."""
        if flat or not isinstance(value, dict | list) or not value or _is_short(value):
            return dump(value)
        inner = indent + self.unit
        if isinstance(value, dict):
            lines = [f"{dump(name)}: {self.render(each, inner)}" for name, each in value.items()]
        else:
            lines = [self.render(each, inner) for each in value]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        body = f",{self.newline}{inner}".join(lines)
        return f"{opening}{self.newline}{inner}{body}{self.newline}{indent}{closing}"


def layout_of(document: Document) -> Layout:
    """Read it off the first line that ends and the first value that is indented, else off a comment."""
    newline = first_newline(document.text) or "\n"
    unit = next(_units(document.text, document.root), None)
    if unit is None:
        indented = _INDENTED.search(document.text)
        unit = indented[1] if indented else _DEFAULT_UNIT
    return Layout(newline, unit)


def indent_at(text: str, at: int) -> str:
    """What the line of the character at `at` begins with."""
    line = _line_before(text, at).removeprefix(BOM)
    return line[: len(line) - len(line.lstrip(" \t"))]


def begins_line(text: str, at: int) -> bool:
    """Whether there is nothing but white space before the character on its line."""
    return not _line_before(text, at).strip(" \t")


def dump(value: Any) -> str:
    """The value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)


def _line_before(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return text[start:at]


def _units(text: str, node: Node) -> Iterator[str]:
    if not isinstance(node, Container):
        return
    outer = indent_at(text, node.start)
    for member in node.members:
        indent = indent_at(text, member.start)
        if begins_line(text, member.start) and indent != outer and indent.startswith(outer):
            yield indent.removeprefix(outer)
        yield from _units(text, member.node)


def _is_short(value: dict[str, Any] | list[Any]) -> bool:
    plain = isinstance(value, list) and not any(isinstance(each, dict | list) for each in value)
    return plain and len(dump(value)) <= _SHORT
