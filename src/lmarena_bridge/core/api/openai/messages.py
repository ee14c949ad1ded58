"""The messages of a chat completion request: OpenAI's roles and content parts as the bridge's own."""

from typing import NoReturn

import msgspec

from lmarena_bridge.core.api.openai.parts import NO_FILES, Files, Part, read_parts, uploads_named
from lmarena_bridge.core.chat.request import Attachment, Message, Role
from lmarena_bridge.core.errors import InvalidRequest


class Function(msgspec.Struct, frozen=True):
    name: str | None = None
    arguments: str | dict[str, object] | None = None


class ToolCall(msgspec.Struct, frozen=True):
    id: str | None = None
    function: Function | None = None


class ChatMessage(msgspec.Struct, frozen=True):
    role: str
    content: str | list[Part] | None = None
    name: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: Function | None = None
    tool_call_id: str | None = None


def read_message(message: ChatMessage, place: str, files: Files = NO_FILES) -> Message:
    """The message in the bridge's words; `place` is its path in the request.

    `files` are the uploads that its parts may name. Raises InvalidRequest.

    Models behind the site know no tools: what a conversation holds of them is told as text, the
    calls by the assistant, the results by the user.
    """
    text, attachments = _read_content(message, f"{place}.content", files)
    match message.role:
        case "system" | "developer" | "user":
            return Message(Role(message.role), text, attachments)
        case "assistant":
            return Message(Role.ASSISTANT, _with_calls(text or message.refusal or "", message), attachments)
        case "tool" | "function":
            return Message(Role.USER, f"[Result of {_source_of_result(message)}]\n{text}", attachments)
        case _:
            _refuse(
                f"{place}.role",
                f"is {_shown(message.role)}: use system, developer, user, assistant or tool.",
            )


def uploads_of(message: ChatMessage) -> list[str]:
    """The ids of uploaded files that the message wants to carry."""
    return uploads_named(message.content) if isinstance(message.content, list) else []


def _read_content(message: ChatMessage, place: str, files: Files) -> tuple[str, tuple[Attachment, ...]]:
    if isinstance(message.content, str):
        return message.content, ()
    return read_parts(message.content or (), place, files)


def _with_calls(text: str, message: ChatMessage) -> str:
    calls = [_told(call.function, call.id) for call in message.tool_calls or ()]
    if message.function_call is not None:
        calls.append(_told(message.function_call, None))
    return "\n\n".join(filter(None, (text, *calls)))


def _told(function: Function | None, call_id: str | None) -> str:
    name = (function and function.name) or "a tool"
    arguments = (function and function.arguments) or "{}"
    if not isinstance(arguments, str):
        arguments = msgspec.json.encode(arguments).decode("utf-8")
    return f"[Called {name} with {arguments}{f' as {call_id}' if call_id else ''}]"


def _source_of_result(message: ChatMessage) -> str:
    return message.tool_call_id or message.name or "the call"


def _shown(name: str) -> str:
    return repr(name[:40])


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
