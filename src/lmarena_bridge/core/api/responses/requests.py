"""The body of POST /v1/responses.

Fields that the site has no place for (include, prompt_cache_key, client_metadata, sampling parameters, …) are
passed over; what a response tells again of its request is kept for that.
"""

from dataclasses import dataclass

import msgspec

from lmarena_bridge.core.api.body import Buffer, decode_body
from lmarena_bridge.core.api.json_answer import json_by_schema
from lmarena_bridge.core.api.responses.items import Item, read_items, uploads_in
from lmarena_bridge.core.api.responses.offered import Offer, ResponsesTool, ResponsesToolChoice, read_tools
from lmarena_bridge.core.api.responses.parts import refuse
from lmarena_bridge.core.api.token_limit import Number, read_token_limit
from lmarena_bridge.core.api.uploads import NO_FILES, Files
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role


class TextFormat(msgspec.Struct, frozen=True, omit_defaults=True):
    type: str
    name: str | None = None
    description: str | None = None
    schema: dict[str, object] | None = None
    strict: bool | None = None


class TextConfig(msgspec.Struct, frozen=True):
    format: TextFormat | None = None
    verbosity: str | None = None


class Reasoning(msgspec.Struct, frozen=True):
    effort: str | None = None
    summary: str | None = None


class ResponsesBody(msgspec.Struct, frozen=True):
    """The body as it stands there, checked for nothing but its types."""

    model: str
    input: str | list[Item]
    instructions: str | None = None
    stream: bool | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    conversation: str | dict[str, object] | None = None
    max_output_tokens: Number = None
    max_tool_calls: int | None = None
    text: TextConfig | None = None
    reasoning: Reasoning | None = None
    tools: list[ResponsesTool] | None = None
    tool_choice: str | ResponsesToolChoice | None = None
    parallel_tool_calls: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    metadata: dict[str, str] | None = None
    user: str | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None


@dataclass(frozen=True, slots=True)
class ResponsesCall:
    """What the client asks, and how it wants to be answered.

    `instructions` stand in front of the conversation, and are not handed on to the response after this one.
    """

    request: ChatRequest
    body: ResponsesBody
    offer: Offer
    instructions: tuple[Message, ...]

    @property
    def stream(self) -> bool:
        return bool(self.body.stream)

    @property
    def kept(self) -> bool:
        """Whether another request may go on from this response."""
        return self.body.store is not False


_DECODER = msgspec.json.Decoder(ResponsesBody)


def decode_responses_body(body: Buffer) -> ResponsesBody:
    """The first step, after which the body itself is not needed any more. Raises InvalidRequest."""
    return decode_body(_DECODER, body)


def uploads_wanted(body: ResponsesBody) -> tuple[str, ...]:
    """The ids of uploaded files that the second step needs, each once."""
    return () if isinstance(body.input, str) else tuple(dict.fromkeys(uploads_in(body.input)))


def read_responses(body: ResponsesBody, files: Files = NO_FILES) -> ResponsesCall:
    """The second step; `request.messages` are those of `input`. Raises InvalidRequest."""
    if not body.model.strip():
        refuse("model", "is empty: name one of the models that GET /v1/models lists.")
    if body.conversation is not None:
        refuse("conversation", "cannot be used: conversations are not kept. Use previous_response_id.")
    if not body.input:
        refuse("input", "is empty: send a text, or a list with at least one item.")
    offer = read_tools(body.tools, body.tool_choice, body.parallel_tool_calls)
    said = [Item(role="user", content=body.input)] if isinstance(body.input, str) else body.input
    messages = read_items(said, files, offer)
    if not messages:
        refuse("input", "holds nothing that is said: send at least one message.")
    request = ChatRequest(
        model=body.model,
        messages=messages,
        max_tokens=read_token_limit(body.max_output_tokens, "max_output_tokens"),
        format=_format(body.text.format if body.text else None),
        tools=offer.use,
    )
    instructions = (Message(Role.DEVELOPER, body.instructions),) if body.instructions else ()
    return ResponsesCall(request, body, offer, instructions)


def _format(wanted: TextFormat | None) -> AnswerFormat | None:
    match wanted:
        case None | TextFormat(type="text"):
            return None
        case TextFormat(type="json_object"):
            return AnswerFormat()
        case TextFormat(type="json_schema", schema=dict(schema)):
            return json_by_schema(schema, "text.format.schema")
        case TextFormat(type="json_schema"):
            refuse("text.format.schema", "is missing: a format of type json_schema needs it.")
        case _:
            refuse("text.format.type", f"is {wanted.type[:40]!r}: use text, json_object or json_schema.")
