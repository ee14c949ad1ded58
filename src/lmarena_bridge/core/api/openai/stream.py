"""A streamed chat completion: events in, SSE records with `chat.completion.chunk` objects out.

The order that every client of clients.md §5 takes: a chunk with the role, chunks with text, a chunk
with the finish reason and an empty delta, the usage chunk if it was asked for, `[DONE]`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import msgspec

from lmarena_bridge.core.api import sse
from lmarena_bridge.core.api.openai.citations import annotations
from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.text import AnswerText
from lmarena_bridge.core.errors import BridgeError

_JSON = msgspec.json.Encoder()
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Manner:
    """How a client wants a stream.

    `include_usage` is its stream option. `one_function`: it asked in the older form, whose answers hold one
    `function_call`. `lists_sources`: they stand at the end of the text, too.
    """

    include_usage: bool = False
    one_function: bool = False
    lists_sources: bool = True


_USUAL: Final = Manner()


class ChunkEncoder:
    """The encoder of one response, which has one answer or several at the same time."""

    __slots__ = ("_choices", "_common", "_include_usage")

    keep_alive = sse.KEEP_ALIVE

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        created: int,
        model: str,
        choices: int = 1,
        manner: Manner = _USUAL,
    ) -> None:
        """`created` is in whole seconds since 1970."""
        common = b'data: {"id":%b,"object":"chat.completion.chunk","created":%d,"model":%b,"choices":[' % (
            _JSON.encode(id),
            created,
            sse.escape(_JSON.encode(model)),
        )
        # OpenAI's schema wants `usage` in each chunk once it was asked for.
        end = b'],"usage":null}\n\n' if manner.include_usage else b"]}\n\n"
        self._choices = [_Choice(common, index, end, manner) for index in range(choices)]
        self._common = common
        self._include_usage = manner.include_usage

    def encode(self, events: Sequence[ChatEvent], choice: int = 0) -> bytes:
        """The records of these events, for one write; b"" when they show nothing."""
        return self._choices[choice].encode(events)

    def done(self) -> bytes:
        """The end, when the `Finished` of every answer was encoded; before that a bug, so a ValueError."""
        ends = [choice.finished for choice in self._choices if choice.finished is not None]
        if len(ends) < len(self._choices):
            raise ValueError("an answer is not finished yet")
        if not self._include_usage:
            return sse.DONE
        usage = _JSON.encode(usage_fields(end.usage for end in ends))
        return sse.escape(self._common + b'],"usage":' + usage + b"}\n\n") + sse.DONE

    def error(self, error: BridgeError) -> bytes:
        """The end of an answer that failed on its way.

        A record without `choices` and then a clean end is what every client shows to its user
        (clients.md §0.2).
        """
        return sse.record(error_body(error)) + sse.DONE


class _Choice:
    """The encoder of one answer.

    All chunks of an answer differ in one string only, so a chunk is two ready-made pieces around that
    string's JSON: a twentieth of the time that building and encoding objects takes (perf.md §4). Pieces that
    are needed once an answer are made when they are: they would be kept for as long as a model thinks.
    """

    __slots__ = (
        "_after_delta",
        "_after_finish",
        "_before_delta",
        "_before_text",
        "_between_texts",
        "_calls",
        "_citations",
        "_manner",
        "_started",
        "_text",
        "finished",
    )

    def __init__(self, common: bytes, index: int, end: bytes, manner: Manner) -> None:
        delta = common + b'{"index":%d,"delta":{' % index
        self._before_delta = delta
        self._before_text = delta + b'"content":'
        self._after_delta = b'},"logprobs":null,"finish_reason":null}' + end
        self._between_texts = self._after_delta + self._before_text
        self._after_finish = b"}" + end
        self._text = AnswerText(lists_sources=manner.lists_sources)
        self._manner = manner
        self._calls = 0
        self._citations: list[CitationFound] = []
        self._started = False
        self.finished: Finished | None = None

    def encode(self, events: Sequence[ChatEvent]) -> bytes:
        if len(events) == 1 and self._started and type(event := events[0]) is TextDelta and not event.parts:
            # A word that comes alone, as most do of a model that takes its time: half the steps.
            text = self._text.say(event.text)
            encoded = _JSON.encode(text) if text.isascii() else sse.escape(_JSON.encode(text))
            return self._before_text + encoded + self._after_delta
        records: list[bytes] = []
        before, after = self._before_text, self._after_delta
        for event in events:
            if type(event) is TextDelta and event.parts:
                pieces = self._text.add_words(event.parts)
                records += (before, self._between_texts.join(map(_JSON.encode, pieces)), after)
                continue
            if piece := self._text.add(event):
                records += (before, _JSON.encode(piece), after)
            records += self._beside_text(event)
        if records and not self._started:
            self._started = True
            records.insert(0, self._before_delta + b'"role":"assistant","content":""' + after)
        return sse.escape(b"".join(records))

    def _beside_text(self, event: ChatEvent) -> Iterable[bytes]:
        """What an event shows besides its text."""
        match event:
            case ReasoningDelta():
                before, after = self._before_delta + b'"reasoning_content":', self._after_delta
                return before, (after + before).join(map(_JSON.encode, event.parts or (event.text,))), after
            case ToolCallBegun():
                return self._call_begun(event)
            case ToolArguments(text=text):
                return self._call({"arguments": text})
            case CitationFound():
                self._citations.append(event)
                return ()
            case Finished():
                return self._end(event)
            case _:
                return ()

    def _call_begun(self, call: ToolCallBegun) -> Iterable[bytes]:
        self._calls += 1
        function = {"name": call.name, "arguments": ""}
        return self._call(function, {"id": call.id, "type": "function"})

    def _call(self, function: dict[str, str], more: Mapping[str, str] = _NOTHING) -> Iterable[bytes]:
        if not self._manner.one_function:
            delta: object = {"tool_calls": [{"index": self._calls - 1, **more, "function": function}]}
        elif self._calls == 1:
            delta = {"function_call": function}
        else:
            return ()
        return self._delta(delta)

    def _end(self, end: Finished) -> Iterable[bytes]:
        self.finished = end
        sources = self._delta({"annotations": annotations(self._citations)}) if self._citations else ()
        is_call = self._manner.one_function and end.reason is FinishReason.TOOL_CALLS
        reason = "function_call" if is_call else end.reason
        finish = (b'},"logprobs":null,"finish_reason":', _JSON.encode(reason), self._after_finish)
        return *sources, self._before_delta, *finish

    def _delta(self, delta: object) -> tuple[bytes, bytes, bytes]:
        """A chunk that is rare enough to be built from an object."""
        return self._before_delta, _JSON.encode(delta)[1:-1], self._after_delta
