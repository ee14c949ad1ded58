"""Writes a value into a JSONC text and changes as little of the text as possible.

What has not changed stays as it is to the last character; no comment is lost, not even one that stood in
something that is gone. Whatever comes of it is read again and compared before anybody gets to see it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_gaps import comments, newlines
from lmarena_bridge.core.config.jsonc_layout import Layout, indent_at, layout_of
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from lmarena_bridge.core.config.jsonc_tree import Container, Node
from lmarena_bridge.core.config.jsonc_weave import Weave
from lmarena_bridge.core.sentences import Template

_NOWHERE: Final = -1

_NOT_WRITTEN: Final = Template("edit.not.written", "the change cannot be written down: {problem}")
_DAMAGE: Final = Template("edit.damage", "the change would damage the file")
_COMMENTS: Final = Template(
    "edit.comments", "the comments in this value would be lost: move them out of it, then try again"
)


class EditRefused(JsoncError):
    """The text cannot be changed like that without damage to it; `line` and `column` say where."""


def rewrite(text: str, value: Any) -> str:
    """The text with another value.

    Raises JsoncError if the text is none, EditRefused if a comment would be lost, ValueError if the value
    is no JSON.
    """
    document = loads(text)
    value = json.loads(json.dumps(value, allow_nan=False))
    if same(document.value, value):
        return text
    root = document.root
    written = _Writer(text, layout_of(document)).write(root, value, around=None)
    result = text[: root.start] + written + text[root.end :]
    refuse_damage(text, result, value)
    return result


def refuse_damage(text: str, result: str, value: Any) -> None:
    """Refuse a new text that says anything but `value`, or has lost a comment. Raises EditRefused."""
    try:
        said = loads(result).value
    except JsoncError as error:
        raise EditRefused(_NOT_WRITTEN(problem=error.message), text, 0) from error
    if not same(said, value) or comments(result) != comments(text):
        raise EditRefused(_DAMAGE(), text, 0)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON, names in any order: true is not 1, and 1 is not 1.0."""
    return _key(one) == _key(other)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Gives the new text of one value of the old text after the other, from the outermost inwards."""

    text: str
    layout: Layout

    def write(self, node: Node, value: Any, around: Container | None) -> str:
        """The text of `value` in the place of `node`, which stands in `around`."""
        old = self.text[node.start : node.end]
        if same(node.value, value):
            return old
        if isinstance(node, Container) and isinstance(node.value, dict) and isinstance(value, dict):
            return self._object(node, value, around)
        if isinstance(node, Container) and isinstance(node.value, list) and isinstance(value, list):
            return self._list(node, value, around)
        indent, flat = indent_at(self.text, node.start), self._is_flat(around)
        if isinstance(value, list) and value and same(node.value, value[0]):
            items = (self.layout.render(each, indent, flat=flat) for each in value[1:])
            return f"[{', '.join((old, *items))}]"
        if comments(old):
            raise EditRefused(_COMMENTS(), self.text, node.start)
        return self.layout.render(value, indent, flat=flat)

    def _object(self, node: Container, value: dict[str, Any], around: Container | None) -> str:
        weave = self._weave(node, around)
        counting = {member.name: index for index, member in enumerate(node.members)}
        for index, member in enumerate(node.members):
            name = str(member.name)
            if name not in value:
                weave.drop(index)
            elif counting[name] == index:
                weave.keep(index, self.write(member.node, value[name], node))
            else:
                # Of duplicate names the last counts; the others have nothing to say.
                weave.keep(index, self.text[member.node.start : member.node.end])
        for name in value:
            if name not in counting:
                weave.add(value[name], name)
        return weave.text()

    def _list(self, node: Container, value: list[Any], around: Container | None) -> str:
        weave = self._weave(node, around)
        for index, new in _aligned([member.node.value for member in node.members], value):
            if new == _NOWHERE:
                weave.drop(index)
            elif index == _NOWHERE:
                weave.add(value[new])
            else:
                weave.keep(index, self.write(node.members[index].node, value[new], node))
        return weave.text()

    def _weave(self, node: Container, around: Container | None) -> Weave:
        return Weave(self.text, node, self.layout, flat=self._is_flat(around))

    def _is_flat(self, around: Container | None) -> bool:
        return around is not None and newlines(self.text[around.start : around.end]) == 0


def _aligned(old: list[Any], new: list[Any]) -> Iterator[tuple[int, int]]:
    """Which item becomes which: pairs of indexes, _NOWHERE for where one goes to or comes from."""
    matcher = SequenceMatcher(None, list(map(_key, old)), list(map(_key, new)), autojunk=False)
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        yield from zip_longest(range(old_from, old_to), range(new_from, new_to), fillvalue=_NOWHERE)
