"""A whole answer, folded from its events."""

from collections.abc import Iterable
from typing import assert_never

import msgspec

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.request import ToolCall
from lmarena_bridge.core.chat.text import AnswerText

_BesideText = ReasoningDelta | ImageProduced | CitationFound | ToolCallBegun | ToolArguments


class Completion(msgspec.Struct, frozen=True):
    """One answer in full.

    `text` is what a person reads, pictures and sources included (see `chat/text.py`); `images` and
    `citations` are the same pictures and sources for dialects that have a field for them.
    """

    text: str
    reason: FinishReason
    reasoning: str = ""
    images: tuple[ImageProduced, ...] = ()
    citations: tuple[CitationFound, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    stop: str = ""


class Answer:
    """Collects the events of one answer until it is complete."""

    __slots__ = ("_calls", "_citations", "_finished", "_images", "_pieces", "_reasoning", "_text")

    def __init__(self, *, lists_sources: bool = True) -> None:
        self._text = AnswerText(lists_sources=lists_sources)
        self._pieces: list[str] = []
        self._reasoning: list[str] = []
        self._images: list[ImageProduced] = []
        self._citations: list[CitationFound] = []
        self._calls: list[tuple[ToolCallBegun, list[str]]] = []
        self._finished: Finished | None = None

    def add(self, events: Iterable[ChatEvent]) -> None:
        for event in events:
            if piece := self._text.add(event):
                self._pieces.append(piece)
            # Nearly all are these; and not by `match`, which takes ten times as long to ask that.
            if type(event) is Finished:
                self._finished = event
            elif type(event) is not TextDelta:
                self._add_beside(event)

    def _add_beside(self, event: _BesideText) -> None:
        match event:
            case ReasoningDelta(text=text):
                self._reasoning.append(text)
            case ImageProduced():
                self._images.append(event)
            case ToolCallBegun():
                self._calls.append((event, []))
            case ToolArguments(text=text):
                self._calls[-1][1].append(text)
            case CitationFound():
                self._citations.append(event)
            case _:
                assert_never(event)

    def completion(self) -> Completion:
        """The answer. It must be complete: asking before `Finished` came is a bug, so a ValueError."""
        if self._finished is None:
            raise ValueError("the answer is not finished yet")
        return Completion(
            text="".join(self._pieces),
            reason=self._finished.reason,
            reasoning="".join(self._reasoning),
            images=tuple(self._images),
            citations=tuple(self._citations),
            calls=tuple(ToolCall(call.id, call.name, "".join(pieces)) for call, pieces in self._calls),
            usage=self._finished.usage,
            stop=self._finished.stop,
        )
