"""The tools of one request, and which call of them a value is that a model wrote."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.core.chat.calling.fitting import fitted
from lmarena_bridge.core.chat.calling.loose_json import NotJson, read_json
from lmarena_bridge.core.chat.json_schema import Schema
from lmarena_bridge.core.chat.request import Tool, ToolUse

# The words models use for the two things a call has, ours first.
_NAMES: Final = ("name", "tool", "tool_name", "function", "function_name", "action")
_ARGUMENTS: Final = ("arguments", "parameters", "args", "input", "params", "action_input")
_LISTS: Final = ("tool_calls", "calls")
_NO_OBJECT: Final = 'It is no object like {"name": …, "arguments": {…}}.'
_BESIDES: Final = frozenset({"id", "call_id", "type", "index"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call that can be carried out: of a tool that there is, with arguments (JSON) that fit it."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call cannot be carried out, as a sentence for the model."""

    reason: str


class Toolbox:
    """Judges what a model calls."""

    def __init__(self, use: ToolUse) -> None:
        self._tools = {tool.name: tool for tool in use.tools if use.only in ("", tool.name)}
        self._loosely = _loose_names(self._tools)

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._tools)

    def judged(self, value: object, hint: str = "") -> list[Call | Fault]:
        """The calls that a value is, one or a list. `hint`: the name of a tool that stands before it."""
        if isinstance(value, dict):
            value = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), [value])
        if not isinstance(value, list) or not value:
            return [Fault(_NO_OBJECT)]
        return [self._one(each, hint) for each in value]

    def _one(self, value: object, hint: str) -> Call | Fault:
        if isinstance(value, dict) and isinstance(value.get("function"), dict):
            value = value["function"]
        if not isinstance(value, dict):
            return Fault(_NO_OBJECT)
        return self._call(*self._parts(value, hint))

    def known(self, name: str) -> str | None:
        """The tool that is meant by the name: letter case and what stands before a dot make no difference."""
        return name if name in self._tools else self._loosely.get(_loose(name))

    def _parts(self, value: Mapping[str, Any], hint: str) -> tuple[object, object]:
        """The name and the arguments, wherever the model has put them."""
        named = next((key for key in _NAMES if isinstance(value.get(key), str)), None)
        given = next((key for key in _ARGUMENTS if key in value), None)
        if given is not None and (named is not None or hint):
            return value[named] if named is not None else hint, value[given]
        if len(value) == 1 and (alone := next(iter(value))) in self._tools:
            return alone, value[alone]
        if hint:
            return hint, value
        rest = {key: each for key, each in value.items() if key != named and key not in _BESIDES}
        return value[named] if named is not None else None, rest

    def _call(self, name: object, arguments: object) -> Call | Fault:
        if not isinstance(name, str):
            return Fault('It does not name the tool: "name" is missing.')
        tool = self.known(name)
        if tool is None:
            return Fault(f"There is no tool {name[:80]!r}. There are: {', '.join(self._tools)}.")
        try:
            return self._fitting(self._tools[tool], _as_object(arguments))
        except NotJson as error:
            return Fault(f'"arguments" must be one JSON object: {error}.')

    def _fitting(self, tool: Tool, arguments: dict[str, object]) -> Call | Fault:
        schema = _schema(tool.parameters)
        try:
            fault = schema.fault(arguments) if schema else ""
            if schema and fault:
                made = fitted(arguments, json.loads(tool.parameters))
                if not schema.fault(made):
                    arguments, fault = made, ""
            if not fault:
                return Call(tool.name, _text(arguments))
        except (ValueError, RecursionError):
            fault = "a number is too large, or it is nested too deeply"
        return Fault(f"The arguments of {tool.name} do not fit: {fault}.")


def _as_object(arguments: object) -> dict[str, object]:
    if isinstance(arguments, str) and arguments.strip():
        arguments = read_json(arguments, whole=True)
    if arguments is None or arguments == "":
        return {}
    if not isinstance(arguments, dict):
        raise NotJson("this is another kind of value")
    return arguments


def _text(arguments: dict[str, object]) -> str:
    """JSON that is strict everywhere: no number without a value, no half of a character."""
    text = json.dumps(arguments, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() or not _has_halves(text) else json.dumps(arguments)


def _has_halves(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _schema(text: str) -> Schema | None:
    """The schema to judge by; nothing is judged by one that is none."""
    try:
        return Schema(text)
    except ValueError:
        return None


def _loose(name: str) -> str:
    return name.rpartition(".")[2].strip().casefold().replace("-", "_")


def _loose_names(names: Mapping[str, Tool]) -> Mapping[str, str]:
    """Names as carelessly as they may be written, where only one tool can be meant."""
    loose = [_loose(name) for name in names]
    return {key: name for key, name in zip(loose, names, strict=True) if loose.count(key) == 1}
