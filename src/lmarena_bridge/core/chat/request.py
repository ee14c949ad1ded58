"""What a client asks for, in the bridge's own words: no dialect, no site."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who says a message. Dialects map whatever else they know onto these."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a message. `url` is a data: URI or an http(s) address."""

    name: str
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation; text parts of a list content are already joined."""

    role: Role
    content: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question: the whole conversation and the model that shall answer it."""

    model: str
    messages: tuple[Message, ...]
