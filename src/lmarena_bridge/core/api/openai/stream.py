"""A streamed chat completion: events in, SSE records with `chat.completion.chunk` objects out.

The order that every client of clients.md §5 takes: a chunk with the role, chunks with text, a chunk
with the finish reason and an empty delta, the usage chunk if it was asked for, `[DONE]`.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

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
    Usage,
)
from lmarena_bridge.core.chat.text import AnswerText
from lmarena_bridge.core.errors import BridgeError

_JSON = msgspec.json.Encoder()
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
# How a chunk ends, and one with a delta. OpenAI's schema wants `usage` in each once it was asked for.
_AFTER_DELTA: Final = b'},"logprobs":null,"finish_reason":null}'
_ENDS: Final = (b"]}\n\n", _AFTER_DELTA + b"]}\n\n")
_ENDS_WITH_USAGE: Final = (b'],"usage":null}\n\n', _AFTER_DELTA + b'],"usage":null}\n\n')


class Manner(msgspec.Struct, frozen=True):
    """How a client wants a stream.

    `include_usage` is its stream option. `one_function`: it asked in the older form, whose answers hold one
    `function_call`. `lists_sources`: they stand at the end of the text, too.
    """

    include_usage: bool = False
    one_function: bool = False
    lists_sources: bool = True


_USUAL: Final = Manner()


class Encode(Protocol):
    """The records of these events of the answer `choice`, for one write; b"" when they show nothing."""

    def __call__(self, events: Sequence[ChatEvent], choice: int = 0, /) -> bytes: ...


class ChunkEncoder:
    """The encoder of one response, which has one answer or several at the same time."""

    __slots__ = ("_choices", "_common", "encode")

    keep_alive = sse.KEEP_ALIVE
    encode: Encode

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
        name = _JSON.encode(model)
        common = b'data: {"id":%b,"object":"chat.completion.chunk","created":%d,"model":%b,"choices":[' % (
            _JSON.encode(id),
            created,
            name if model.isascii() else sse.escape(name),
        )
        ends = _ENDS_WITH_USAGE if manner.include_usage else _ENDS
        self._choices: list[_Choice] = []
        for index in range(choices):
            before = common + b'{"index":%d,"delta":{' % index
            self._choices.append(_Choice(before, manner, AnswerText(manner.lists_sources), *ends))
        # Nearly all responses have one answer: its own encoder is asked then, without a step between.
        self.encode = self._choices[0].encode if choices == 1 else self._encode
        # What the chunk with the usage begins with, if there will be one.
        self._common = common if manner.include_usage else b""

    def _encode(self, events: Sequence[ChatEvent], choice: int = 0, /) -> bytes:
        return self._choices[choice].encode(events)

    def done(self) -> bytes:
        """The end, when the `Finished` of every answer was encoded; before that a bug, so a ValueError."""
        for choice in self._choices:
            if not choice.is_finished:
                raise ValueError("an answer is not finished yet")
        if not self._common:
            return sse.DONE
        usage = _JSON.encode(usage_fields(choice.usage for choice in self._choices))
        return sse.escape(self._common + b'],"usage":' + usage + b"}\n\n") + sse.DONE

    def error(self, error: BridgeError) -> bytes:
        """The end of an answer that failed on its way.

        A record without `choices` and then a clean end is what every client shows to its user
        (clients.md §0.2).
        """
        return sse.record(error_body(error)) + sse.DONE


class _Choice(msgspec.Struct):
    """The encoder of one answer.

    All chunks of an answer differ in one string only, so a chunk is two ready-made pieces around that
    string's JSON: a twentieth of the time that building and encoding objects takes (perf.md §4). What is
    needed once or twice an answer is made when it is: it would be kept for as long as a model thinks.
    """

    _before_delta: bytes
    _manner: Manner
    _text: AnswerText
    # What each chunk ends with, and what one with a delta does.
    _end: bytes
    _after_delta: bytes
    # Made with the first words.
    _before_text: bytes = b""
    _started: bool = False
    _calls: int = 0
    _citations: list[CitationFound] = []
    is_finished: bool = False
    usage: Usage | None = None

    def encode(self, events: Sequence[ChatEvent], _: int = 0, /) -> bytes:
        if (
            self._before_text
            and len(events) == 1
            and type(event := events[0]) is TextDelta
            and not event.parts
        ):
            # A word that comes alone, as most do of a model that takes its time: half the steps.
            text = self._text.say(event.text)
            encoded = _JSON.encode(text) if text.isascii() else sse.escape(_JSON.encode(text))
            return self._before_text + encoded + self._after_delta
        records: list[bytes] = []
        for event in events:
            # What nearly all are is not found out by `match`, which takes ten times as long for a struct.
            if type(event) is TextDelta:
                records += self._said(event)
            elif type(event) is Finished:
                records += self._finish(event)
            else:
                records += self._shown(event)
        if records and not self._started:
            self._started = True
            records[:0] = self._before_delta, b'"role":"assistant","content":""', self._after_delta
        return sse.escape(b"".join(records))

    def _said(self, words: TextDelta) -> Iterable[bytes]:
        text = self._text
        if words.parts:
            return self._texts(text.add_words(words.parts))
        if not self._before_text:
            self._before_text = self._before_delta + b'"content":'
        return self._before_text, _JSON.encode(text.say(words.text)), self._after_delta

    def _texts(self, texts: Sequence[str]) -> Iterable[bytes]:
        if not self._before_text:
            self._before_text = self._before_delta + b'"content":'
        return self._deltas(self._before_text, texts)

    def _deltas(self, before: bytes, texts: Sequence[str]) -> Iterable[bytes]:
        after = self._after_delta
        # Encoded all at once, a line for each: JSON has no line ends of its own. A list, for of anything else
        # msgspec 0.22 keeps the iterator for ever.
        return before, _JSON.encode_lines(list(texts))[:-1].replace(b"\n", after + before), after

    def _shown(self, event: ChatEvent) -> Iterable[bytes]:
        """What is neither words nor the end."""
        piece = self._text.add(event)
        return (*self._texts((piece,)), *self._beside_text(event)) if piece else self._beside_text(event)

    def _beside_text(self, event: ChatEvent) -> Iterable[bytes]:
        """What an event shows besides its text."""
        match event:
            case ReasoningDelta():
                before = self._before_delta + b'"reasoning_content":'
                return self._deltas(before, event.parts or (event.text,))
            case ToolCallBegun():
                return self._call_begun(event)
            case ToolArguments(text=text):
                return self._call({"arguments": text})
            case CitationFound():
                self._citations.append(event)
                return ()
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

    def _finish(self, end: Finished) -> Iterable[bytes]:
        self.is_finished, self.usage = True, end.usage
        is_call = self._manner.one_function and end.reason is FinishReason.TOOL_CALLS
        reason = _JSON.encode("function_call" if is_call else end.reason)
        finish = (self._before_delta, b'},"logprobs":null,"finish_reason":', reason, b"}", self._end)
        return (*self._sources(end), *finish) if self._citations else finish

    def _sources(self, end: Finished) -> Iterable[bytes]:
        listed = self._text.add(end)
        marked = self._delta({"annotations": annotations(self._citations)})
        return (*self._texts((listed,)), *marked) if listed else marked

    def _delta(self, delta: object) -> tuple[bytes, bytes, bytes]:
        """A chunk that is rare enough to be built from an object."""
        return self._before_delta, _JSON.encode(delta)[1:-1], self._after_delta
