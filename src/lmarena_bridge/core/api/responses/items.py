"""The items of `input`: OpenAI's as the bridge's own messages."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from lmarena_bridge.core.api.responses.offered import Offer
from lmarena_bridge.core.api.responses.parts import InputPart, present, read_content, refuse, uploads_named
from lmarena_bridge.core.api.uploads import Files
from lmarena_bridge.core.chat.request import Message, Role, ToolCall

# What the model thought before, and what OpenAI's own tools did: no model of the site could use it.
_PASSED_OVER: Final = frozenset({"reasoning", "compaction", "mcp_list_tools", "additional_tools"})
_PASSED_OVER_ENDINGS: Final = ("_call", "_call_output", "_approval_request", "_approval_response")
_ROLES: Final = frozenset({"system", "developer", "user", "assistant"})


class Item(msgspec.Struct, frozen=True):
    """One element of `input`; which field counts depends on `type`, a message may leave it out."""

    type: str | None = None
    id: str | None = None
    role: str | None = None
    content: str | list[InputPart] | None = None
    call_id: str | None = None
    name: str | None = None
    namespace: str | None = None
    arguments: str | None = None
    output: str | list[InputPart] | None = None


def read_items(items: Iterable[Item], files: Files, offer: Offer) -> tuple[Message, ...]:
    """The conversation. Raises InvalidRequest with `param` like `input[2].content[0].image_url`."""
    messages: list[Message] = []
    for index, item in enumerate(items):
        place = f"input[{index}]"
        match item.type:
            case None | "message":
                messages.append(_message(item, place, files))
            case "function_call":
                _add_call(messages, _call(item, place, offer))
            case "function_call_output":
                call_id = present(item.call_id, f"{place}.call_id")
                text, attachments = read_content(item.output, f"{place}.output", files)
                messages.append(Message(Role.TOOL, text, attachments, call_id=call_id))
            case "item_reference":
                refuse(
                    f"{place}.id",
                    "names an item that is not kept: those of the newest responses are, until the program "
                    "ends, unless `store` is false. Send the item itself.",
                )
            case kind if kind in _PASSED_OVER or kind.endswith(_PASSED_OVER_ENDINGS):
                pass
            case kind:
                refuse(
                    f"{place}.type",
                    f"is {kind[:40]!r}: this bridge takes items of type message, function_call, "
                    "function_call_output and reasoning.",
                )
    return tuple(messages)


def uploads_in(items: Iterable[Item]) -> Iterator[str]:
    """The ids of uploaded files that the items want to carry."""
    for item in items:
        yield from uploads_named(item.content)
        yield from uploads_named(item.output)


def _message(item: Item, place: str, files: Files) -> Message:
    role = present(item.role, f"{place}.role")
    if role not in _ROLES:
        refuse(f"{place}.role", f"is {role[:40]!r}: use system, developer, user or assistant.")
    text, attachments = read_content(item.content, f"{place}.content", files)
    return Message(Role(role), text, attachments)


def _call(item: Item, place: str, offer: Offer) -> ToolCall:
    return ToolCall(
        id=present(item.call_id, f"{place}.call_id"),
        name=offer.told(item.namespace, present(item.name, f"{place}.name")),
        arguments=item.arguments or "{}",
    )


def _add_call(messages: list[Message], call: ToolCall) -> None:
    """What an assistant says and calls is one turn, however many items it takes."""
    if messages and messages[-1].role is Role.ASSISTANT:
        messages[-1] = replace(messages[-1], calls=(*messages[-1].calls, call))
    else:
        messages.append(Message(Role.ASSISTANT, "", calls=(call,)))
