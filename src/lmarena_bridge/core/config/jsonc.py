"""Reads JSONC (JSON with comments and trailing commas) and remembers where every value stands.

Strict in all that matters: no NaN, no single quotes, no lone surrogates; of duplicate names the last counts,
as in JSON. The reader keeps its own stack, so that no nesting can exhaust Python's.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NoReturn

from lmarena_bridge.core.config.jsonc_tokens import (
    BOM,
    JsoncError,
    position,
    read_scalar,
    read_string,
    skip_gap,
)
from lmarena_bridge.core.config.jsonc_tree import Container, Document, Leaf, Member, Node
from lmarena_bridge.core.sentences import Template

MAX_DEPTH: Final = 100
MAX_CHARACTERS: Final = 4 * 1024 * 1024

_TOO_LARGE: Final = Template("jsonc.too.large", "the file is larger than {most} MiB")
_EMPTY: Final = Template("jsonc.empty", "the file is empty; it must hold at least {{}}")
_ENDED: Final = Template("jsonc.ended", "the value has ended before this; nothing may follow but comments")
_TOO_DEEP: Final = Template("jsonc.too.deep", "this is nested more than {most} deep")
_NO_NAME: Final = Template("jsonc.no.name", "a name in double quotes is expected here")
_NO_COLON: Final = Template("jsonc.no.colon", 'a colon is missing behind the name "{name}"')
_NOT_CLOSED: Final = Template(
    "jsonc.not.closed", "the file ends here, but the {bracket} of line {line} is not closed"
)
_NO_FIT: Final = Template(
    "jsonc.no.fit", "this {sign} does not fit: the {bracket} of line {line} is still open"
)
_NO_COMMA: Final = Template("jsonc.no.comma", "a comma is missing before this")

_CLOSING: Final = MappingProxyType({"{": "}", "[": "]"})


def loads(text: str) -> Document:
    """Read a whole JSONC text, with or without a byte order mark.

    Raises JsoncError with line, column and a sentence for the person who wrote it.
    """
    if len(text) > MAX_CHARACTERS:
        raise JsoncError(_TOO_LARGE(most=MAX_CHARACTERS // 1024**2), text, 0)
    at = skip_gap(text, len(BOM) if text.startswith(BOM) else 0)
    if at == len(text):
        raise JsoncError(_EMPTY(), text, at)
    root = _Reader(text, at).read() if text[at] in _CLOSING else _leaf(text, at)
    rest = skip_gap(text, root.end)
    if rest < len(text):
        raise JsoncError(_ENDED(), text, rest)
    return Document(text, root)


def _leaf(text: str, at: int) -> Leaf:
    value, end = read_scalar(text, at)
    return Leaf(at, end, value)


@dataclass(slots=True)
class _Open:
    """A container whose closing bracket has not been met yet."""

    start: int
    bracket: str
    members: list[Member] = field(default_factory=list)
    comma: int | None = None
    name: str | int = 0
    name_start: int = 0

    def add(self, node: Node) -> None:
        self.members.append(Member(self.name, self.name_start, node))

    def close(self, end: int) -> Container:
        value = (
            {str(member.name): member.node.value for member in self.members}
            if self.bracket == "{"
            else [member.node.value for member in self.members]
        )
        return Container(self.start, end, tuple(self.members), self.comma, value)


class _Reader:
    """Reads one object or list with all that is in it; `at` is the next character to look at."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._open: list[_Open] = []
        self._may_go_on = True  # behind an opening bracket or a comma

    def read(self) -> Container:
        self._enter()
        while True:
            root = self._leave()
            if root is not None:
                return root
            self._read_name()
            if self._text[self._at : self._at + 1] in _CLOSING:
                self._enter()
            else:
                self._add(_leaf(self._text, self._at))

    def _enter(self) -> None:
        if len(self._open) == MAX_DEPTH:
            raise JsoncError(_TOO_DEEP(most=MAX_DEPTH), self._text, self._at)
        self._open.append(_Open(self._at, self._text[self._at]))
        self._at = skip_gap(self._text, self._at + 1)
        self._may_go_on = True

    def _leave(self) -> Container | None:
        """Close what ends here. Gives the outermost container once that one is closed."""
        while self._text.startswith(_CLOSING[self._open[-1].bracket], self._at):
            closed = self._open.pop().close(self._at + 1)
            if not self._open:
                return closed
            self._add(closed)
        if not self._may_go_on or self._text[self._at : self._at + 1] in ("", "}", "]"):
            self._refuse()
        return None

    def _add(self, node: Node) -> None:
        around = self._open[-1]
        around.add(node)
        self._at = skip_gap(self._text, node.end)
        self._may_go_on = self._text.startswith(",", self._at)
        around.comma = self._at if self._may_go_on else None
        if self._may_go_on:
            self._at = skip_gap(self._text, self._at + 1)

    def _read_name(self) -> None:
        around, start = self._open[-1], self._at
        around.name_start = start
        if around.bracket == "[":
            around.name = len(around.members)
            return
        if not self._text.startswith('"', start):
            raise JsoncError(_NO_NAME(), self._text, start)
        around.name, end = read_string(self._text, start)
        colon = skip_gap(self._text, end)
        if not self._text.startswith(":", colon):
            raise JsoncError(_NO_COLON(name=around.name), self._text, colon)
        self._at = skip_gap(self._text, colon + 1)

    def _refuse(self) -> NoReturn:
        around = self._open[-1]
        line = str(position(self._text, around.start)[0])
        match self._text[self._at : self._at + 1]:
            case "":
                message = _NOT_CLOSED(bracket=around.bracket, line=line)
            case "}" | "]" as sign:
                message = _NO_FIT(sign=sign, bracket=around.bracket, line=line)
            case _:
                message = _NO_COMMA()
        raise JsoncError(message, self._text, self._at)
