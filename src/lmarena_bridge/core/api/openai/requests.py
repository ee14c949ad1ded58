"""The body of POST /v1/chat/completions.

Fields that clients send by habit and the site has no place for (sampling parameters, user, seed, …) are
passed over; what would change the shape of the answer is refused.
"""

from dataclasses import dataclass

import msgspec

from lmarena_bridge.core.api.body import Buffer, decode_body
from lmarena_bridge.core.api.openai.count import read_count
from lmarena_bridge.core.api.openai.limits import Number, read_max_tokens, read_stop
from lmarena_bridge.core.api.openai.messages import ChatMessage, read_message, uploads_of
from lmarena_bridge.core.api.openai.parts import NO_FILES, Files
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class ChatCall:
    """What the client asks, and how it wants to be answered; `n` times, each time anew."""

    request: ChatRequest
    stream: bool
    include_usage: bool
    n: int = 1


class _StreamOptions(msgspec.Struct, frozen=True):
    include_usage: bool | None = None


class ChatBody(msgspec.Struct, frozen=True):
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


_DECODER = msgspec.json.Decoder(ChatBody)


def decode_chat_body(body: Buffer) -> ChatBody:
    """The first step, after which the body itself is not needed any more. Raises InvalidRequest."""
    return decode_body(_DECODER, body)


def uploads_wanted(chat: ChatBody) -> tuple[str, ...]:
    """The ids of uploaded files that the second step needs, each once."""
    return tuple(dict.fromkeys(name for message in chat.messages for name in uploads_of(message)))


def read_chat(chat: ChatBody, files: Files = NO_FILES) -> ChatCall:
    """The second step. Raises InvalidRequest with `param` like `messages[2].content`."""
    if not chat.model.strip():
        raise InvalidRequest(
            "`model` is empty: name one of the models that GET /v1/models lists.", param="model"
        )
    if not chat.messages:
        raise InvalidRequest("`messages` is empty: send at least one message.", param="messages")
    n = read_count(chat.n)
    messages = tuple(
        read_message(message, f"messages[{index}]", files) for index, message in enumerate(chat.messages)
    )
    include_usage = bool(chat.stream_options and chat.stream_options.include_usage)
    request = ChatRequest(
        model=chat.model,
        messages=messages,
        stop=read_stop(chat.stop),
        max_tokens=read_max_tokens(chat.max_tokens, chat.max_completion_tokens),
        counted=include_usage or not chat.stream,
    )
    return ChatCall(request, n=n, stream=bool(chat.stream), include_usage=include_usage)
