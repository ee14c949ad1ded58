"""The sources of search models. They come as a tool call whose arguments are JSON text of their own.

`{"toolCallId": "citation-source", "argsTextDelta": "{\\"source\\": {…}}"}`, a source or a list of them
(recorded 2025-12). The arguments of a tool call may come in pieces; those recorded were whole.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from lmarena_bridge.core.chat.events import CitationFound
from lmarena_bridge.core.site.parts import read_sources

# Sources are some hundred characters each; unfinished arguments that grow beyond this are of another tool.
# Each piece may be the last, so all of them are tried: the limit bounds what that costs, too.
_LONGEST: Final = 64 * 1024
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
                arguments = self._begun.pop(call, "") + delta
                if (complete := _object(arguments)) is not None:
                    yield from read_sources(complete.get("source"))
                # What was begun may never be finished, and must not spoil what is whole by itself. An object
                # without `source` proves nothing: it may be one out of the middle of a list.
                elif (alone := _object(delta)) is not None and "source" in alone:
                    yield from read_sources(alone["source"])
                else:
                    self._keep(call, arguments)

    def _keep(self, call: str, arguments: str) -> None:
        if len(arguments) <= _LONGEST and len(self._begun) < _MOST_CALLS:
            self._begun[call] = arguments


def _object(text: str) -> dict[str, object] | None:
    """The object that a text is in JSON; None if it is none, or not yet."""
    if text.rstrip()[-1:] != "}":
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
