"""The tree of a JSONC text: every value with the place where it stands.

The spans are what an editor needs that changes one value and leaves every other character as it was.
"""

from dataclasses import dataclass
from typing import Any

from lmarena_bridge.core.config.jsonc_tokens import Scalar, position

# Names of members and indexes of items, from the outermost value inwards.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, number, true, false or null: the characters from `start` to `end` (exclusive)."""

    start: int
    end: int
    value: Scalar


@dataclass(frozen=True, slots=True)
class Member:
    """A value in an object or a list, under its name or index. A name's opening quote is at `start`."""

    name: str | int
    start: int
    node: "Node"


@dataclass(frozen=True, slots=True)
class Container:
    """An object or list; `trailing_comma` is the offset of a comma behind the last member."""

    start: int
    end: int
    members: tuple[Member, ...]
    trailing_comma: int | None
    value: dict[str, Any] | list[Any]

    def find(self, name: str | int) -> Member | None:
        """The member that counts: the last of this name."""
        return next((member for member in reversed(self.members) if member.name == name), None)


Node = Leaf | Container


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the tree of its values."""

    text: str
    root: Node

    @property
    def value(self) -> Any:
        """What `json.loads` would give, were there no comments."""
        return self.root.value

    def position(self, path: Path) -> tuple[int, int]:
        """Line and column (from 1) where the value begins, or of the innermost value around a missing one."""
        return position(self.text, self._walk(path)[0].start)

    def name_position(self, path: Path) -> tuple[int, int]:
        """Line and column (from 1) where the name of a member begins, like `position`."""
        return position(self.text, self._walk(path)[1])

    def _walk(self, path: Path) -> tuple[Node, int]:
        node, start = self.root, self.root.start
        for step in path:
            member = node.find(step) if isinstance(node, Container) else None
            if member is None:
                break
            node, start = member.node, member.start
        return node, start
