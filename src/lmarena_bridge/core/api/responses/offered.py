"""`tools`, `tool_choice` and `parallel_tool_calls`.

Codex groups some of its functions in namespaces (seen with 0.169, 2026-11-25). Models are told one flat list;
what a call belongs to is added again on its way back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import msgspec

from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest


class ResponsesTool(msgspec.Struct, frozen=True):
    """A function, or a namespace of them; other types are OpenAI's own tools, which are not here."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    parameters: dict[str, object] | bool | None = None
    strict: bool | None = None
    tools: "list[ResponsesTool] | None" = None


class ResponsesToolChoice(msgspec.Struct, frozen=True):
    type: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be called. `names`: namespace and name of a function → its name in the flat list."""

    use: ToolUse | None = None
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def told(self, namespace: str | None, name: str) -> str:
        """What the model is told instead of a function's own name."""
        return self.names.get((namespace or "", name), name)

    def origins(self) -> Mapping[str, tuple[str, str]]:
        """The way back, for functions of namespaces: the name the model uses → namespace and own name."""
        return {told: origin for origin, told in self.names.items() if origin[0]}


def read_tools(
    tools: Sequence[ResponsesTool] | None, choice: str | ResponsesToolChoice | None, parallel: bool | None
) -> Offer:
    """What the client offers. Raises InvalidRequest."""
    functions = tuple(_functions(tools or (), "", "tools"))
    if not functions:
        return Offer()
    often = Counter(name for _, name, _ in functions)
    names = {
        (space, name): f"{space}__{name}" if space and often[name] > 1 else name
        for space, name, _ in functions
    }
    told = tuple(_told(names[space, name], tool) for space, name, tool in functions)
    match choice:
        case None | "auto":
            use = ToolUse(told, parallel=parallel is not False)
        case "none":
            use = ToolUse(told, "none", parallel=parallel is not False)
        case "required":
            use = ToolUse(told, "required", parallel=parallel is not False)
        case ResponsesToolChoice(type="function", name=name):
            if name not in {tool.name for tool in told}:
                _refuse(
                    "tool_choice", f"names {str(name)[:60]!r}, which is none of the functions in `tools`."
                )
            use = ToolUse(told, "required", name or "", parallel is not False)
        case ResponsesToolChoice():
            # One of several, or a tool of OpenAI's own: not something to be told in so many words.
            use = ToolUse(told, parallel=parallel is not False)
        case _:
            _refuse("tool_choice", f"is {choice[:40]!r}: use none, auto, required, or name a function.")
    return Offer(use, names)


def _functions(
    tools: Sequence[ResponsesTool], space: str, place: str
) -> Iterator[tuple[str, str, ResponsesTool]]:
    for index, tool in enumerate(tools):
        where = f"{place}[{index}]"
        if tool.type in ("function", "namespace") and not tool.name:
            _refuse(f"{where}.name", f"is missing: a {tool.type} needs it.")
        if tool.type == "function":
            yield space, tool.name or "", tool
        elif tool.type == "namespace" and not space:
            yield from _functions(tool.tools or (), tool.name or "", f"{where}.tools")


def _told(name: str, tool: ResponsesTool) -> Tool:
    parameters = {} if tool.parameters is None else tool.parameters
    return Tool(name, tool.description or "", msgspec.json.encode(parameters).decode("utf-8"))


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
