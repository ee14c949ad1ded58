"""Calls and results of a conversation as text, for a site that knows neither.

Models repeat the form of what they read. So when they may call tools, earlier calls stand there just as the
next one is asked for, with the markers of this request; when they may not, in words that ask for nothing.
"""

from collections.abc import Callable
from itertools import groupby

import msgspec
from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, ToolCall


def told_plainly(request: ChatRequest) -> ChatRequest:
    """The request with calls and results in words."""
    if not any(message.calls or message.role is Role.TOOL for message in request.messages):
        return request
    return _told(request, _called, _returned)


def told_marked(request: ChatRequest, markers: Markers) -> ChatRequest:
    """The request with calls and results between this request's markers."""

    def call_text(call: ToolCall) -> str:
        arguments = call.arguments if _is_object(call.arguments) else "{}"
        named, by = _json(call.name), f', "id": {_json(call.id)}' if call.id else ""
        return f'{markers.open}{{"name": {named}, "arguments": {arguments}{by}}}{markers.close}'

    def result_text(message: Message, name: str) -> str:
        attributes = "".join(
            f" {key}={_json(value)}" for key, value in (("id", message.call_id), ("name", name)) if value
        )
        return f"{markers.result}{attributes}>\n{message.content}\n{markers.result_close}"

    return _told(request, call_text, result_text)


def has_results(request: ChatRequest) -> bool:
    """Whether the conversation holds what tools returned."""
    return any(message.role is Role.TOOL for message in request.messages)


def _told(
    request: ChatRequest, call_text: Callable[[ToolCall], str], result_text: Callable[[Message, str], str]
) -> ChatRequest:
    """Results that follow each other become one message: the next turn is the model's again."""
    names = {call.id: call.name for message in request.messages for call in message.calls}
    messages: list[Message] = []
    for is_result, group in groupby(request.messages, lambda message: message.role is Role.TOOL):
        if is_result:
            results = list(group)
            texts = [result_text(each, names.get(each.call_id, "")) for each in results]
            files = tuple(file for each in results for file in each.attachments)
            messages.append(Message(Role.USER, "\n\n".join(texts), files))
        else:
            messages += [_with_calls(each, call_text) for each in group]
    return replace(request, messages=tuple(messages))


def _with_calls(message: Message, call_text: Callable[[ToolCall], str]) -> Message:
    if not message.calls:
        return message
    texts = [text for text in (message.content, *map(call_text, message.calls)) if text]
    return replace(message, content="\n\n".join(texts), calls=())


def _called(call: ToolCall) -> str:
    by = f" as {call.id}" if call.id else ""
    return f"[Called {call.name or 'a tool'} with {call.arguments or '{}'}{by}]"


def _returned(message: Message, name: str) -> str:
    return f"[Result of {message.call_id or name or 'the call'}]\n{message.content}"


def _is_object(text: str) -> bool:
    return text.strip().startswith("{")


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode("utf-8")
