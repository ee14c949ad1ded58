"""The body of POST /v1/messages, and of /v1/messages/count_tokens, which asks for less.

Fields that the site has no place for (sampling parameters, metadata, cache_control, context_management,
service_tier, …) are passed over.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from lmarena_bridge.core.api.anthropic.blocks import Block, uploads_named
from lmarena_bridge.core.api.anthropic.messages import Turn, read_system, read_turn
from lmarena_bridge.core.api.anthropic.offered import MessagesTool, MessagesToolChoice, read_tools
from lmarena_bridge.core.api.body import Buffer, decode_body
from lmarena_bridge.core.api.json_answer import json_by_schema
from lmarena_bridge.core.api.token_limit import Number, read_token_limit
from lmarena_bridge.core.api.uploads import NO_FILES, Files
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest
from lmarena_bridge.core.errors import InvalidRequest

_THINKS: Final = frozenset({"enabled", "adaptive"})


@dataclass(frozen=True, slots=True)
class MessagesCall:
    """What the client asks, and how it wants to be answered."""

    request: ChatRequest
    stream: bool


class Thinking(msgspec.Struct, frozen=True):
    type: str
    display: str | None = None


class OutputFormat(msgspec.Struct, frozen=True):
    type: str
    schema: dict[str, object] | None = None


class OutputConfig(msgspec.Struct, frozen=True):
    format: OutputFormat | None = None


class MessagesBody(msgspec.Struct, frozen=True):
    """The body as it stands there, checked for nothing but its types."""

    model: str
    messages: list[Turn]
    system: str | list[Block] | None = None
    max_tokens: Number = None
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    thinking: Thinking | None = None
    tools: list[MessagesTool] | None = None
    tool_choice: MessagesToolChoice | None = None
    output_config: OutputConfig | None = None
    # Where the format stood before `output_config`.
    output_format: OutputFormat | None = None


_DECODER = msgspec.json.Decoder(MessagesBody)


def decode_messages_body(body: Buffer) -> MessagesBody:
    """The first step, after which the body itself is not needed any more. Raises InvalidRequest."""
    return decode_body(_DECODER, body)


def uploads_wanted(body: MessagesBody) -> tuple[str, ...]:
    """The ids of uploaded files that the second step needs, each once."""
    contents = [body.system, *(turn.content for turn in body.messages)]
    lists = (content for content in contents if isinstance(content, list))
    return tuple(dict.fromkeys(name for blocks in lists for name in uploads_named(blocks)))


def read_messages(body: MessagesBody, files: Files = NO_FILES) -> MessagesCall:
    """The second step. Raises InvalidRequest with `param` like `messages[2].content[0].source`."""
    if not body.model.strip():
        raise InvalidRequest(
            "`model` is empty: name one of the models that GET /v1/models lists.", param="model"
        )
    if not body.messages:
        raise InvalidRequest("`messages` is empty: send at least one message.", param="messages")
    messages = [*read_system(body.system, files)]
    for index, turn in enumerate(body.messages):
        messages += read_turn(turn, f"messages[{index}]", files)
    return MessagesCall(
        request=ChatRequest(
            model=body.model,
            messages=tuple(messages),
            stop=tuple(dict.fromkeys(filter(None, body.stop_sequences or ()))),
            max_tokens=read_token_limit(body.max_tokens, "max_tokens"),
            format=_format(body),
            tools=read_tools(body.tools, body.tool_choice),
            reasoning="apart" if _shows_thinking(body.thinking) else "off",
        ),
        stream=bool(body.stream),
    )


def _shows_thinking(thinking: Thinking | None) -> bool:
    """Who did not ask for blocks of thinking may take the first block for the text."""
    return thinking is not None and thinking.type in _THINKS and thinking.display != "omitted"


def _format(body: MessagesBody) -> AnswerFormat | None:
    wanted = (body.output_config and body.output_config.format) or body.output_format
    if not wanted:
        return None
    if wanted.type != "json_schema" or wanted.schema is None:
        raise InvalidRequest(
            "`output_config.format` is no format this bridge knows: use "
            '{"type": "json_schema", "schema": {…}}.',
            param="output_config.format",
        )
    return json_by_schema(wanted.schema, "output_config.format.schema")
