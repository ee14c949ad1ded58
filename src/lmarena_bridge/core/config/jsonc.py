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

MAX_DEPTH: Final = 100
MAX_CHARACTERS: Final = 4 * 1024 * 1024

_CLOSING: Final = MappingProxyType({"{": "}", "[": "]"})


def loads(text: str) -> Document:
    """Read a whole JSONC text, with or without a byte order mark.

    Raises JsoncError with line, column and a sentence for the person who wrote it.
    """
    if len(text) > MAX_CHARACTERS:
        raise JsoncError(f"the file is larger than {MAX_CHARACTERS // 1024**2} MiB", text, 0)
    at = skip_gap(text, len(BOM) if text.startswith(BOM) else 0)
    if at == len(text):
        raise JsoncError("the file is empty; it must hold at least {}", text, at)
    root = _Reader(text, at).read() if text[at] in _CLOSING else _leaf(text, at)
    rest = skip_gap(text, root.end)
    if rest < len(text):
        raise JsoncError("the value has ended before this; nothing may follow but comments", text, rest)
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
            raise JsoncError(f"this is nested more than {MAX_DEPTH} deep", self._text, self._at)
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
            raise JsoncError("a name in double quotes is expected here", self._text, start)
        around.name, end = read_string(self._text, start)
        colon = skip_gap(self._text, end)
        if not self._text.startswith(":", colon):
            raise JsoncError(f'a colon is missing behind the name "{around.name}"', self._text, colon)
        self._at = skip_gap(self._text, colon + 1)

    def _refuse(self) -> NoReturn:
        around = self._open[-1]
        opened = f"the {around.bracket} of line {position(self._text, around.start)[0]}"
        match self._text[self._at : self._at + 1]:
            case "":
                message = f"the file ends here, but {opened} is not closed"
            case "}" | "]" as bracket:
                message = f"this {bracket} does not fit: {opened} is still open"
            case _:
                message = "a comma is missing before this"
        raise JsoncError(message, self._text, self._at)
