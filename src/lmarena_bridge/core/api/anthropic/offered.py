"""The tools that a request offers, and what shall be done with them."""

from collections.abc import Sequence

import msgspec

from lmarena_bridge.core.chat.request import Tool, ToolUse
from lmarena_bridge.core.errors import InvalidRequest


class MessagesTool(msgspec.Struct, frozen=True):
    """A tool of the client's has a schema; those of Anthropic's servers have a `type` that says it all."""

    name: str | None = None
    description: str | None = None
    input_schema: dict[str, object] | None = None


class MessagesToolChoice(msgspec.Struct, frozen=True):
    type: str
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


def read_tools(offered: Sequence[MessagesTool] | None, choice: MessagesToolChoice | None) -> ToolUse | None:
    """What the model may call; None if nothing. Raises InvalidRequest.

    What Anthropic's own servers would do (web search and the like) is passed over: the site cannot.
    """
    tools = tuple(
        Tool(
            name=tool.name,
            description=tool.description or "",
            parameters=msgspec.json.encode(tool.input_schema).decode("utf-8"),
        )
        for tool in offered or ()
        if tool.name and tool.input_schema is not None
    )
    kind = choice.type if choice else "auto"
    parallel = not (choice and choice.disable_parallel_tool_use)
    if kind not in {"auto", "any", "tool", "none"}:
        _refuse("type", f"is {kind[:40]!r}: use auto, any, tool or none.")
    if kind in {"any", "tool"} and not tools:
        _refuse("type", f"is {kind!r}, but `tools` holds none that could be called.")
    if not tools:
        return None
    match kind:
        case "tool":
            return ToolUse(tools, "required", _only(tools, choice), parallel)
        case "any":
            return ToolUse(tools, "required", parallel=parallel)
        case "none":
            return ToolUse(tools, "none", parallel=parallel)
        case _:
            return ToolUse(tools, parallel=parallel)


def _only(tools: Sequence[Tool], choice: MessagesToolChoice | None) -> str:
    name = (choice and choice.name) or ""
    if name not in {tool.name for tool in tools}:
        _refuse("name", f"is {name[:80]!r}, and no tool in `tools` has this name.")
    return name


def _refuse(field: str, fault: str) -> None:
    raise InvalidRequest(f"`tool_choice.{field}` {fault}", param=f"tool_choice.{field}")
