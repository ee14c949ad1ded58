"""The body of POST /v1/chat/completions.

Fields that clients send by habit and the site has no place for are passed over, what would change the answer
into something it cannot be is refused: the table is in docs/api.md.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

import msgspec

from lmarena_bridge.core.api.body import Buffer, decode_flat_body, refuse_deep
from lmarena_bridge.core.api.openai.answer_format import ResponseFormat, read_format
from lmarena_bridge.core.api.openai.contents import LONG_BYTES, contents_of
from lmarena_bridge.core.api.openai.count import read_count
from lmarena_bridge.core.api.openai.limits import read_max_tokens, read_stop
from lmarena_bridge.core.api.openai.messages import ChatMessage, read_messages, read_plain
from lmarena_bridge.core.api.openai.parts import uploads_named
from lmarena_bridge.core.api.openai.tool_use import (
    ChatTool,
    Choice,
    FunctionTool,
    read_functions,
    read_tools,
)
from lmarena_bridge.core.api.token_limit import Number
from lmarena_bridge.core.api.uploads import NO_FILES, Files
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import InvalidRequest


class ChatCall(msgspec.Struct, frozen=True, gc=False):
    """What the client asks, and how it wants to be answered; `n` times, each time anew."""

    request: ChatRequest
    stream: bool
    include_usage: bool
    n: int = 1
    # The client asks in the older form, whose answers hold one `function_call`.
    one_function: bool = False


class _StreamOptions(msgspec.Struct, frozen=True):
    include_usage: bool | None = None


class ChatBody(msgspec.Struct, frozen=True, gc=False):
    """The body as it stands there, checked for nothing but its types."""

    model: str
    messages: list[ChatMessage]
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    # JavaScript and some JSON writers know only one kind of number.
    n: Number = None
    stop: str | list[str] | None = None
    max_tokens: Number = None
    max_completion_tokens: Number = None
    response_format: ResponseFormat | None = None
    tools: list[ChatTool] | None = None
    tool_choice: Choice = None
    parallel_tool_calls: bool | None = None
    functions: list[FunctionTool] | None = None
    function_call: Choice = None
    # What cannot be done.
    logprobs: bool | None = None
    top_logprobs: Number = None
    modalities: list[str] | None = None
    audio: dict[str, object] | None = None


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """A body, and the contents of its messages as JSON where they shall be passed on so.

    `call`: what it asks, where that needs no second step.
    """

    chat: ChatBody
    contents: Sequence[msgspec.Raw] = ()
    call: ChatCall | None = None


_DECODER = msgspec.json.Decoder(ChatBody)

# JSON of any form stands in these, and in what earlier messages called.
_FREE_FORMS: Final = attrgetter("tools", "tool_choice", "functions", "function_call", "response_format")
# All that a request can wish for beside an answer.
_WISHES: Final = attrgetter(
    *("n", "stop", "max_tokens", "max_completion_tokens", "response_format", "tools", "tool_choice"),
    *("functions", "function_call", "logprobs", "top_logprobs", "modalities", "audio"),
)
_NO_WISHES: Final = (None,) * 13


def decode_chat_body(body: Buffer) -> Decoded:
    """The first step, after which the body itself is not needed any more. Raises InvalidRequest."""
    chat = decode_flat_body(_DECODER, body)
    # Else its contents may be worth to be passed on as they are.
    if (len(body) < LONG_BYTES or body.isascii()) and (call := _plain_call(chat)) is not None:
        return Decoded(chat, call=call)
    if _holds_free_forms(chat):
        refuse_deep(body)
    # Those of a body with files would keep the files, too, for as long as the answer takes.
    if len(body) < LONG_BYTES or any(type(message.content) is list for message in chat.messages):
        return Decoded(chat)
    return Decoded(chat, contents_of(body))


def _plain_call(chat: ChatBody) -> ChatCall | None:
    """What is asked, if that is an answer to texts and nothing else, as it mostly is; None: see `read_chat`.

    In one look at each message: to find out what else is not there takes two hundred steps.
    """
    model, stream, options = chat.model, chat.stream is True, chat.stream_options
    if _WISHES(chat) != _NO_WISHES or not model.strip() or not (messages := read_plain(chat.messages)):
        return None
    include_usage = options is not None and options.include_usage is True
    request = ChatRequest(model, messages, counted=include_usage or not stream)
    return ChatCall(request, stream, include_usage)


def _holds_free_forms(chat: ChatBody) -> bool:
    """Tools, calls, schemas: JSON of any form. Everything else is as deep as its types."""
    if any(_FREE_FORMS(chat)):
        return True
    for message in chat.messages:  # noqa: SIM110 - a generator takes three times as long
        if message.tool_calls or message.function_call:
            return True
    return False


def uploads_wanted(decoded: Decoded) -> tuple[str, ...]:
    """The ids of uploaded files that the second step needs, each once."""
    named: list[str] = []
    for message in decoded.chat.messages:
        if type(message.content) is list:
            named += uploads_named(message.content)
    return tuple(dict.fromkeys(named)) if named else ()


def read_chat(decoded: Decoded, files: Files = NO_FILES) -> ChatCall:
    """The second step. Raises InvalidRequest with `param` like `messages[2].content`."""
    if decoded.call is not None:
        return decoded.call
    chat, contents = decoded.chat, decoded.contents
    if not chat.model.strip():
        raise InvalidRequest(
            "`model` is empty: name one of the models that GET /v1/models lists.", param="model"
        )
    if not chat.messages:
        raise InvalidRequest("`messages` is empty: send at least one message.", param="messages")
    include_usage = bool(chat.stream_options and chat.stream_options.include_usage)
    counted = include_usage or not chat.stream
    _refuse_what_cannot_be(chat)
    n = read_count(chat.n)
    messages = read_messages(chat.messages, files, contents)
    tools = read_tools(chat.tools, chat.tool_choice, chat.parallel_tool_calls)
    functions = None if tools else read_functions(chat.functions, chat.function_call)
    request = ChatRequest(
        model=chat.model,
        messages=messages,
        stop=read_stop(chat.stop),
        max_tokens=read_max_tokens(chat.max_tokens, chat.max_completion_tokens),
        format=read_format(chat.response_format),
        tools=tools or functions,
        counted=counted,
    )
    return ChatCall(
        request,
        n=n,
        stream=bool(chat.stream),
        include_usage=include_usage,
        one_function=functions is not None,
    )


def _refuse_what_cannot_be(chat: ChatBody) -> None:
    """Raises InvalidRequest for wishes that would be missing from the answer."""
    if chat.logprobs or chat.top_logprobs:
        raise InvalidRequest(
            "`logprobs` cannot be had: LMArena tells nothing of the sort. Leave it out.",
            param="logprobs" if chat.logprobs else "top_logprobs",
        )
    if chat.audio is not None or "audio" in (chat.modalities or ()):
        raise InvalidRequest(
            "Answers as audio cannot be had: models on LMArena write. Leave `audio` and `modalities` out.",
            param="modalities" if chat.modalities else "audio",
        )
