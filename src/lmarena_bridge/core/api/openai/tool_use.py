"""`tools`, `tool_choice` and `parallel_tool_calls`; and `functions`, `function_call`, their older form."""

from typing import Final, Literal, NoReturn

import msgspec

from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest


class FunctionTool(msgspec.Struct, frozen=True):
    """`strict` is passed over: calls are checked by the schema as far as the model can be made to keep it."""

    name: str
    description: str | None = None
    parameters: dict[str, object] | bool | None = None


class ChatTool(msgspec.Struct, frozen=True):
    """Tools of other types than `function` are the provider's own; this one has none."""

    type: str | None = None
    function: FunctionTool | None = None


class Named(msgspec.Struct, frozen=True):
    """The one tool that must be called. The older form has the name at the top."""

    type: str | None = None
    function: "Named | None" = None
    name: str | None = None


Choice = str | Named | None

_CHOICES: Final = ("none", "auto", "required")


def read_tools(tools: list[ChatTool] | None, choice: Choice, parallel: bool | None) -> ToolUse | None:
    """What the client offers; None without any tool that could be used. Raises InvalidRequest."""
    offered = []
    for index, tool in enumerate(tools or ()):
        if tool.type in (None, "function"):
            if tool.function is None:
                _refuse(f"tools[{index}].function", "is missing: a tool of type function needs it.")
            offered.append(tool.function)
    return _tool_use(offered, choice, "tool_choice", parallel=parallel is not False)


def read_functions(functions: list[FunctionTool] | None, choice: Choice) -> ToolUse | None:
    """The same in the older form, which knows one call at a time. Raises InvalidRequest."""
    return _tool_use(functions or [], choice, "function_call", parallel=False)


def _tool_use(offered: list[FunctionTool], choice: Choice, place: str, *, parallel: bool) -> ToolUse | None:
    if not offered:
        return None
    read, only = _read_choice(choice, place)
    if only and only not in {tool.name for tool in offered}:
        _refuse(place, f"names {only[:60]!r}, which is none of the tools.")
    return ToolUse(tuple(map(_tool, offered)), choice=read, only=only, parallel=parallel)


def _read_choice(choice: Choice, place: str) -> tuple[Literal["auto", "none", "required"], str]:
    match choice:
        case None:
            return "auto", ""
        case "auto" | "none" | "required":
            return choice, ""
        case Named(function=Named(name=str(name))) | Named(name=str(name)):
            return "required", name
        # One of several: not something to be told in so many words, so all of them may be called.
        case Named(type="allowed_tools"):
            return "auto", ""
        case str():
            _refuse(place, f"is {choice[:40]!r}: use {', '.join(_CHOICES)}, or name one of the tools.")
        case _:
            _refuse(place, "names no function: use none, auto, required, or name one of the tools.")


def _tool(tool: FunctionTool) -> Tool:
    parameters = {} if tool.parameters is None else tool.parameters
    return Tool(tool.name, tool.description or "", msgspec.json.encode(parameters).decode("utf-8"))


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
