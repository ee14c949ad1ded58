"""The messages of a chat completion request: OpenAI's roles and content parts as the bridge's own."""

from typing import NoReturn

import msgspec

from lmarena_bridge.core.chat.attachments import attachment
from lmarena_bridge.core.chat.request import Attachment, Message, Role
from lmarena_bridge.core.errors import InvalidRequest


class ImageUrl(msgspec.Struct, frozen=True):
    url: str


class Part(msgspec.Struct, frozen=True):
    """One element of a list content; which field counts depends on `type`."""

    type: str
    text: str | None = None
    refusal: str | None = None
    # Some clients leave the object out and give the address itself.
    image_url: ImageUrl | str | None = None


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


def read_message(message: ChatMessage, place: str) -> Message:
    """The message in the bridge's words; `place` is its path in the request. Raises InvalidRequest.

    Models behind the site know no tools: what a conversation holds of them is told as text, the
    calls by the assistant, the results by the user.
    """
    text, attachments = _read_content(message, f"{place}.content")
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


def _read_content(message: ChatMessage, place: str) -> tuple[str, tuple[Attachment, ...]]:
    if isinstance(message.content, str):
        return message.content, ()
    texts: list[str] = []
    attachments: list[Attachment] = []
    for index, part in enumerate(message.content or ()):
        where = f"{place}[{index}]"
        match part.type:
            case "text":
                texts.append(_present(part.text, f"{where}.text"))
            case "refusal":
                texts.append(_present(part.refusal, f"{where}.refusal"))
            case "image_url":
                attachments.append(_read_image(part, f"{where}.image_url", len(attachments) + 1))
            case _:
                _refuse(
                    f"{where}.type",
                    f"is {_shown(part.type)}: this bridge takes parts of type text and image_url.",
                )
    return "\n\n".join(filter(None, texts)), tuple(attachments)


def _read_image(part: Part, place: str, number: int) -> Attachment:
    match part.image_url:
        case ImageUrl(url=url):
            place = f"{place}.url"
        case url:
            url = _present(url, place)
    return attachment(url, number=number, param=place, assumed="image/png")


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


def _present(value: str | None, place: str) -> str:
    if value is None:
        _refuse(place, "is missing: a part of this type needs it.")
    return value


def _shown(name: str) -> str:
    return repr(name[:40])


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
