"""What an answer is made of, whoever asked and whoever answers.

A stream of events ends with exactly one `Finished`. Failure is no event: it is raised.
"""

from dataclasses import dataclass
from enum import StrEnum


class FinishReason(StrEnum):
    """Why the model stopped, in the words every OpenAI client knows."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the site reported them (it mostly does not)."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer's text; never empty, never half a character."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The next piece of what the model thinks before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class ImageProduced:
    """One picture. `url` is an https address (the site's die after an hour) or a data: URI."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class CitationFound:
    """One source a search model used."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete."""

    reason: FinishReason
    usage: Usage | None = None


ChatEvent = TextDelta | ReasoningDelta | ImageProduced | CitationFound | Finished
