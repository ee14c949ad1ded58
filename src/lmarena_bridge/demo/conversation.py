"""A conversation as the arena's models see it."""

from dataclasses import dataclass
from typing import Any

from lmarena_bridge.demo.directives import without_directives
from lmarena_bridge.demo.intake.schema import data_size


@dataclass(frozen=True, slots=True)
class Attachment:
    """size: in bytes; None when only an address was sent."""

    name: str
    content_type: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in the order they were sent, `system` ones included."""

    turns: tuple[Turn, ...]

    @property
    def instructions(self) -> str:
        return "\n".join(turn.text for turn in self.turns if turn.role == "system")

    @property
    def spoken(self) -> tuple[Turn, ...]:
        """The turns of user and assistant."""
        return tuple(turn for turn in self.turns if turn.role in ("user", "assistant"))

    @property
    def asked(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.role == "user")

    @property
    def question(self) -> str:
        """What the user said last."""
        return self.asked[-1].text if self.asked else ""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Those of the last turn that has any, whoever's it is."""
        return next((turn.attachments for turn in reversed(self.turns) if turn.attachments), ())


def read_conversation(messages: list[dict[str, Any]]) -> Conversation:
    """The messages of a valid retry body, directives taken out."""
    return Conversation(tuple(_turn(message) for message in messages))


def last_question(messages: list[dict[str, Any]]) -> str:
    """The last user message as it was sent, directives and all."""
    return next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")


def _turn(message: dict[str, Any]) -> Turn:
    attachments = tuple(
        Attachment(each["name"], each["contentType"], data_size(each["url"]))
        for each in message["experimental_attachments"]
    )
    return Turn(message["role"], without_directives(message["content"]), attachments)
