"""What an answer is made of, whoever asked and whoever answers.

A stream of events ends with exactly one `Finished`. Failure is no event: it is raised. Structs, not
dataclasses: making one costs a quarter of reading a line otherwise (0.23 µs against 0.06, 2026-11-24).
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import final

import msgspec


class FinishReason(StrEnum):
    """Why the model stopped, in the words every OpenAI client knows."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    TOOL_CALLS = "tool_calls"


@final
class Usage(msgspec.Struct, frozen=True, gc=False):
    """Token counts, as the site reported them or, as it mostly does not, `estimated`.

    The reasoning's tokens are among those of the completion.
    """

    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int = 0
    estimated: bool = False


@final
class TextDelta(msgspec.Struct, frozen=True, gc=False):
    """The next piece of the answer's text; never empty, never half a character.

    `parts`: the texts of the site's parts, where many came together: who needs only the text has one event.
    """

    text: str
    parts: tuple[str, ...] = ()


@final
class ReasoningDelta(msgspec.Struct, frozen=True, gc=False):
    """The next piece of what the model thinks before it answers. `parts`: as of a text."""

    text: str
    parts: tuple[str, ...] = ()


@final
class ImageProduced(msgspec.Struct, frozen=True, gc=False):
    """One picture. `url` is an https address (the site's die after an hour) or a data: URI."""

    url: str
    content_type: str


@final
class CitationFound(msgspec.Struct, frozen=True, gc=False):
    """One source a search model used."""

    url: str
    title: str


@final
class ToolCallBegun(msgspec.Struct, frozen=True, gc=False):
    """The model calls a tool of the client's; its arguments follow, until any other event comes."""

    id: str
    name: str


@final
class ToolArguments(msgspec.Struct, frozen=True, gc=False):
    """The next piece of the arguments of the call that was begun last: JSON text, cut anywhere."""

    text: str


@final
class Finished(msgspec.Struct, frozen=True, gc=False):
    """The answer is complete. `stop`: the client's stop text that ended it, "" if none did."""

    reason: FinishReason
    usage: Usage | None = None
    stop: str = ""


ChatEvent = (
    TextDelta | ReasoningDelta | ImageProduced | CitationFound | ToolCallBegun | ToolArguments | Finished
)

# Whoever takes an answer, batch by batch as it comes; an empty batch says that it still takes time. What is
# returned must be waited for before the next batch; None: nothing need be.
Take = Callable[[Sequence[ChatEvent]], Awaitable[None] | None]


def part_by_part(events: Iterable[ChatEvent]) -> Iterator[ChatEvent]:
    """An event of its own for each part: for whoever shows an answer as the site cut it."""
    for event in events:
        if (type(event) is TextDelta or type(event) is ReasoningDelta) and event.parts:
            yield from map(type(event), event.parts)
        else:
            yield event
