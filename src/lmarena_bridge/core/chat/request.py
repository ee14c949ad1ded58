"""What a client asks for, in the bridge's own words: no dialect, no site.

Structs, not dataclasses: every message of every conversation becomes one (see chat/events.py). Values
hold values, so no circle can be made of them: where the collector passes them over (`gc=False`) one is made
in two thirds of the time. The same holds where messages are read and written.
"""

from enum import StrEnum
from typing import Literal

import msgspec


class Role(StrEnum):
    """Who says a message. Dialects map whatever else they know onto these."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    # What a tool gave back. The site knows no such turn: shaping tells it as text.
    TOOL = "tool"


class Attachment(msgspec.Struct, frozen=True, gc=False):
    """A file that belongs to a message. `url` is a data: URI or an http(s) address."""

    name: str
    content_type: str
    url: str


class ToolCall(msgspec.Struct, frozen=True, gc=False):
    """A tool the assistant wants to have run; `arguments` is the JSON text of an object."""

    id: str
    name: str
    arguments: str


class Written(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A text, and the JSON that it was read from. Compared by what it is, for Raw has no hash."""

    text: str
    json: msgspec.Raw


class Message(msgspec.Struct, frozen=True, gc=False):
    """One turn of the conversation; text parts of a list content are already joined.

    `calls` belong to an assistant's turn; `call_id` is the call that a TOOL turn answers. `written` tells how
    the client wrote the content, as long as its text is the very content: another one has to be written.
    """

    role: Role
    content: str
    attachments: tuple[Attachment, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    written: Written | None = None


class PlainMessages(tuple[Message, ...]):
    """Each is known to be plain: a text of a system, user or assistant, not blank, without files and calls.

    Nothing is to be shaped then (shaping.py), and nobody needs to look again.
    """

    __slots__ = ()


class Tool(msgspec.Struct, frozen=True, gc=False):
    """A tool the client offers; `parameters` is the JSON text of a JSON Schema."""

    name: str
    description: str = ""
    parameters: str = "{}"


class ToolUse(msgspec.Struct, frozen=True, gc=False):
    """The tools of a request and what the client wants done with them.

    `only` names the one tool that must be called; it goes with the choice "required". `room`: how many bytes
    the tools should take in the prompt, None for as many as they need.
    """

    tools: tuple[Tool, ...]
    choice: Literal["auto", "none", "required"] = "auto"
    only: str = ""
    parallel: bool = True
    room: int | None = None


class AnswerFormat(msgspec.Struct, frozen=True, gc=False):
    """The answer shall be one JSON value. `schema`: the JSON text of what it must fit, "" for any object."""

    schema: str = ""


class ChatRequest(msgspec.Struct, frozen=True, gc=False):
    """One question: the whole conversation, the model that shall answer it, and how it shall answer.

    `max_tokens` are the answer's, None for as many as come. What the model thinks goes `reasoning` "apart"
    (in events of its own), in "think_tag"s into the text, or is let fall ("off"). `counted`: the client wants
    to know how many tokens it all was. `client` is the name of the API key that it came with: clients take
    turns. `label`: who asks, in a few words for people.
    """

    model: str
    messages: tuple[Message, ...]
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    format: AnswerFormat | None = None
    tools: ToolUse | None = None
    reasoning: Literal["apart", "think_tag", "off"] = "apart"
    counted: bool = True
    client: str = ""
    label: str = ""
