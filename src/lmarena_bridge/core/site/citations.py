"""The sources of search models. They come as a tool call whose arguments are JSON text of their own.

`{"toolCallId": "citation-source", "argsTextDelta": "{\\"source\\": {…}}"}`, a source or a list of them
(recorded 2025-12). The arguments of a tool call may come in pieces; those recorded were whole.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from lmarena_bridge.core.chat.events import CitationFound
from lmarena_bridge.core.site.parts import read_sources

# Sources are some hundred characters each; arguments that grow beyond this are of another tool.
_LONGEST: Final = 256 * 1024
_MOST_CALLS: Final = 64


class CitationReader:
    """Gathers the arguments of each tool call until they are complete."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        # By tool call: the arguments so far.
        self._begun: dict[str, str] = {}

    def __call__(self, value: Any) -> Iterator[CitationFound]:
        match value:
            case {"toolCallId": str(call), "argsTextDelta": str(delta)}:
                begun = self._begun.pop(call, "")
                if (source := _source(begun + delta)) is None:
                    self._keep(call, begun + delta)
                yield from read_sources(source)

    def _keep(self, call: str, arguments: str) -> None:
        if len(arguments) <= _LONGEST and len(self._begun) < _MOST_CALLS:
            self._begun[call] = arguments


def _source(arguments: str) -> object:
    """The `source` in complete arguments; None if they are incomplete or of another tool."""
    if not arguments.rstrip().endswith("}"):
        return None
    try:
        match json.loads(arguments):
            case {"source": source}:
                return source
    except (ValueError, RecursionError):
        pass
    return None
