"""The messages of a chat completion request: OpenAI's roles and content parts as the bridge's own."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NoReturn

import msgspec

from lmarena_bridge.core.api.openai.parts import Part, read_parts
from lmarena_bridge.core.api.uploads import NO_FILES, Files
from lmarena_bridge.core.chat.request import Attachment, Message, PlainMessages, Role, ToolCall, Written
from lmarena_bridge.core.errors import InvalidRequest

_SPEAKERS: Final = MappingProxyType(
    {role.value: role for role in (Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.ASSISTANT)}
)


_PLAIN_SPEAKERS: Final = MappingProxyType(
    {role.value: role for role in (Role.SYSTEM, Role.USER, Role.ASSISTANT)}
)


class Function(msgspec.Struct, frozen=True, gc=False):
    name: str | None = None
    arguments: str | dict[str, object] | None = None


class AssistantCall(msgspec.Struct, frozen=True, gc=False):
    id: str | None = None
    function: Function | None = None


class ChatMessage(msgspec.Struct, frozen=True, gc=False):
    role: str
    content: str | list[Part] | None = None
    name: str | None = None
    refusal: str | None = None
    tool_calls: list[AssistantCall] | None = None
    function_call: Function | None = None
    tool_call_id: str | None = None


def read_messages(
    messages: Sequence[ChatMessage], files: Files = NO_FILES, contents: Sequence[msgspec.Raw] = ()
) -> tuple[Message, ...]:
    """All messages of a request; `contents`: theirs as JSON, or (). Raises InvalidRequest."""
    read: list[Message] = []
    for index, message in enumerate(messages):
        content, role = message.content, _SPEAKERS.get(message.role)
        # Text and nothing else, as nearly all of a long conversation: 1 µs less for each.
        if type(content) is str and content and role and not (message.tool_calls or message.function_call):
            written = Written(content, contents[index]) if contents else None
            read.append(Message(role, content, written=written))
        else:
            read.append(read_message(message, f"messages[{index}]", files))
    return tuple(read)


def read_plain(messages: Sequence[ChatMessage]) -> PlainMessages | None:
    """As `read_messages`, if they are plain, as nearly all are; None if one is not."""
    read: list[Message] = []
    for message in messages:
        content, role = message.content, _PLAIN_SPEAKERS.get(message.role)
        if type(content) is not str or role is None or message.tool_calls or message.function_call:
            return None
        if not content or content.isspace():
            return None
        read.append(Message(role, content))
    return PlainMessages(read)


def read_message(message: ChatMessage, place: str, files: Files = NO_FILES) -> Message:
    """The message in the bridge's words; `place` is its path in the request.

    `files` are the uploads that its parts may name. Raises InvalidRequest.
    """
    text, attachments = _read_content(message, f"{place}.content", files)
    match message.role:
        case "system" | "developer" | "user":
            return Message(_SPEAKERS[message.role], text, attachments)
        case "assistant":
            return Message(Role.ASSISTANT, text or message.refusal or "", attachments, _calls(message))
        case "tool" | "function":
            call_id = message.tool_call_id or message.name or ""
            return Message(Role.TOOL, text, attachments, call_id=call_id)
        case _:
            _refuse(
                f"{place}.role",
                f"is {_shown(message.role)}: use system, developer, user, assistant or tool.",
            )


def _read_content(message: ChatMessage, place: str, files: Files) -> tuple[str, tuple[Attachment, ...]]:
    if isinstance(message.content, str):
        return message.content, ()
    return read_parts(message.content or (), place, files)


def _calls(message: ChatMessage) -> tuple[ToolCall, ...]:
    """Those of the older form have no ids: what they gave back is told by the name."""
    calls = [_call(call.function, call.id or "") for call in message.tool_calls or ()]
    if message.function_call is not None:
        calls.append(_call(message.function_call, message.function_call.name or ""))
    return tuple(calls)


def _call(function: Function | None, call_id: str) -> ToolCall:
    arguments = (function and function.arguments) or "{}"
    if not isinstance(arguments, str):
        arguments = msgspec.json.encode(arguments).decode("utf-8")
    return ToolCall(call_id, (function and function.name) or "", arguments)


def _shown(name: str) -> str:
    return repr(name[:40])


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
