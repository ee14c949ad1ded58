"""Finds where a JSON object or list ends, in a text that is still growing."""

import re
from typing import Final

# No marker is longer.
_LONGEST: Final = 64


class ValueEnd:
    """Counts brackets outside of strings, and sees markers. Each character is looked at about once."""

    __slots__ = ("_at", "_depth", "_in_string", "_inside", "_outside", "_quoted", "edge")

    def __init__(self, start: int, edge: str) -> None:
        """`start`: where the value's first bracket stands; `edge`: the pattern of a marker."""
        self._inside = re.compile(rf'"|\\.|(?i:{edge})', re.DOTALL)
        self._outside = re.compile(rf'[{{}}\[\]"]|(?i:{edge})')
        self._at = start
        self._depth = 0
        self._in_string = False
        self._quoted: list[int] = []
        # Where a marker says that the value is over although it is not whole.
        self.edge: int | None = None

    def find(self, text: str) -> int | None:
        """The place right behind the value; None as long as it is not whole. `text` may only grow.

        One marker in a string may be meant so. A second one says that the string only lacks its end.
        """
        while self.edge is None:
            found = (self._inside if self._in_string else self._outside).search(text, self._at)
            if found is None:
                self._at = _sure(text, self._at)
                return None
            self._at = found.end()
            match found[0]:
                case '"':
                    self._in_string = not self._in_string
                    self._quoted = []
                case "{" | "[":
                    self._depth += 1
                case "}" | "]":
                    self._depth -= 1
                    if self._depth <= 0:
                        return self._at
                case other:
                    self._marked(other, found.start())
        return None

    def last_edge(self) -> int | None:
        """Where the value is over, now that nothing more comes."""
        return next(iter(self._quoted), None)

    def _marked(self, token: str, at: int) -> None:
        if token.startswith("\\"):
            return
        self._quoted.append(at)
        if not self._in_string or len(self._quoted) > 1:
            self.edge = self._quoted[0]


def _sure(text: str, least: int) -> int:
    """Up to where the text was looked at for good: not behind half an escape or half a marker."""
    end = len(text) - text.endswith("\\")
    half = text.rfind("<", max(least, len(text) - _LONGEST))
    return max(least, end if half < 0 else min(half, end))
