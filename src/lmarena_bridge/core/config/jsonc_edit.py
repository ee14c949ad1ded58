"""Changes of single values in a JSONC text, by their paths."""

from dataclasses import dataclass
from typing import Any

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_rewrite import EditRefused, rewrite
from lmarena_bridge.core.config.jsonc_tree import Path
from lmarena_bridge.core.sentences import verbatim


@dataclass(frozen=True, slots=True)
class Put:
    """Let the value at `path` be this one.

    A name that is not there yet is added behind the others, with the objects on the way to it; an index of
    a list's length adds an item to that list.
    """

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the value at `path` away; nothing happens if there is none."""

    path: Path


Edit = Put | Remove


def edit(text: str, *edits: Edit) -> str:
    """The text after all edits, carried out one after the other; see `rewrite` for what stays.

    Raises JsoncError if the text is none, EditRefused if a path leads nowhere or a comment would be lost,
    ValueError if a value is no JSON.
    """
    document = loads(text)
    value = document.value
    for each in edits:
        try:
            value = applied(value, each)
        except LookupError as error:
            # No change that this program makes leads there.
            raise EditRefused(verbatim(str(error.args[0])), text, document.root.start) from error
    return rewrite(text, value)


def applied(value: Any, change: Edit) -> Any:
    """What an edit makes of a value, which itself stays as it is. Raises LookupError."""
    if isinstance(change, Put):
        return _put(value, change.path, change.value)
    if not change.path:
        raise LookupError("the outermost value cannot be removed")
    return _without(value, change.path)


def _put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: _put(value.get(step, {}), rest, new)}
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return [*value[:step], _put(value[step], rest, new), *value[step + 1 :]]
    if isinstance(value, list) and step == len(value):
        return [*value, _put({}, rest, new)]
    raise LookupError(f"there is no place for {step!r} here")


def _without(value: Any, path: Path) -> Any:
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        if rest:
            return {**value, step: _without(value[step], rest)}
        return {name: each for name, each in value.items() if name != step}
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return [*value[:step], *([_without(value[step], rest)] if rest else []), *value[step + 1 :]]
    return value
