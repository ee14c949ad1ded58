"""Puts the text of an object or list together again, with members dropped, changed and added."""

from dataclasses import dataclass
from typing import Any

from lmarena_bridge.core.config.jsonc_gaps import (
    close_up,
    comments,
    needs_newline,
    newlines,
    split_blanks,
    split_line,
)
from lmarena_bridge.core.config.jsonc_layout import Layout, begins_line, dump, indent_at
from lmarena_bridge.core.config.jsonc_tokens import skip_gap
from lmarena_bridge.core.config.jsonc_tree import Container


@dataclass(frozen=True, slots=True)
class _Piece:
    """A member as text: the gap before it, itself, and the gap before its comma."""

    lead: str
    body: str
    tail: str = ""


class Weave:
    """A container in the making. Its members are told from the first to the last, each once."""

    def __init__(self, text: str, container: Container, layout: Layout, *, flat: bool) -> None:
        """`flat`: an empty container is filled on the line it stands on."""
        members = container.members
        self._text = text
        self._container = container
        self._layout = layout
        self._flat = newlines(text[container.start : container.end]) == 0 if members else flat
        self._outer = indent_at(text, container.start)
        if members:
            self._indent = indent_at(text, members[-1].start)
            self._own_lines = begins_line(text, members[-1].start)
        else:
            self._indent = self._outer + layout.unit
            self._own_lines = not flat
        self._old, self._closing = _cut(text, container)
        self._done: list[_Piece] = []
        self._new: list[str] = []  # bodies that wait for the gap they will stand in
        self._left: str | None = None  # by dropped members since the last kept one

    def keep(self, index: int, value: str) -> None:
        """The member stays, with another value or the same."""
        member, piece = self._container.members[index], self._old[index]
        lead = self._place(self._gap(piece.lead, at_end=False), at_end=False)
        body = self._text[member.start : member.node.start] + value
        self._done.append(_Piece(lead, body, piece.tail))

    def drop(self, index: int) -> None:
        """The member goes; its comments stay where it was."""
        piece = self._old[index]
        kept = "".join(
            comment + (self._break if comment.startswith("//") else " ") for comment in comments(piece.body)
        )
        self._left = self._gap(piece.lead, at_end=False) + kept + piece.tail

    def add(self, value: Any, name: str | None = None) -> None:
        """A new member, in a list without a name."""
        body = self._layout.render(value, self._indent, flat=self._flat)
        self._new.append(body if name is None else f"{dump(name)}: {body}")

    def text(self) -> str:
        """The text of the container, after its last member."""
        closing = self._place(self._gap(self._closing, at_end=True), at_end=True)
        opening, bracket = self._text[self._container.start], self._text[self._container.end - 1]
        trailing = self._container.trailing_comma is not None
        last = len(self._done) - 1
        members = (
            piece.lead + piece.body + piece.tail + ("," if index < last or trailing else "")
            for index, piece in enumerate(self._done)
        )
        return opening + "".join(members) + closing + bracket

    @property
    def _break(self) -> str:
        return self._layout.newline + self._indent

    def _gap(self, gap: str, *, at_end: bool) -> str:
        left, self._left = self._left, None
        return gap if left is None else close_up(left, gap, at_end=at_end)

    def _place(self, gap: str, *, at_end: bool) -> str:
        """Put what is new in front of the gap, or into it. What is left of it comes next."""
        if not self._new:
            return gap
        alone = at_end and not self._done
        if self._own_lines:
            first, rest = self._own_line(gap, alone=alone)
            between = self._break
        else:
            first, rest = self._same_line(gap, alone=alone)
            between = " "
        leads = (first, *(between for _ in self._new[1:]))
        self._done += (_Piece(lead, body) for lead, body in zip(leads, self._new, strict=True))
        self._new = []
        return rest

    def _own_line(self, gap: str, *, alone: bool) -> tuple[str, str]:
        if alone:
            return split_blanks(gap)[0] + self._break, self._layout.newline + self._outer
        head, rest = split_line(gap)
        return head + self._break, rest

    def _same_line(self, gap: str, *, alone: bool) -> tuple[str, str]:
        body, blanks = split_blanks(gap)
        if alone and body:
            return body + (self._break if needs_newline(body) else " "), blanks
        if alone:
            return "" if newlines(blanks) else blanks, blanks
        if self._done:
            return " ", gap
        # Before the first item of a list.
        return ("", gap) if body else (blanks, " ")


def _cut(text: str, container: Container) -> tuple[list[_Piece], str]:
    """The members as pieces, and the gap behind the last of them."""
    pieces: list[_Piece] = []
    at = container.start + 1
    for index, member in enumerate(container.members):
        end = member.node.end
        is_last = index == len(container.members) - 1
        comma = container.trailing_comma if is_last else skip_gap(text, end)
        tail = "" if comma is None else text[end:comma]
        pieces.append(_Piece(text[at : member.start], text[member.start : end], tail))
        at = end if comma is None else comma + 1
    return pieces, text[at : container.end - 1]
