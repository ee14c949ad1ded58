"""A streamed response: events in, SSE records with OpenAI's response events out.

`response.created`, `response.in_progress`, then item after item (`response.output_item.added`, its parts and
deltas, `response.output_item.done`), `response.completed` with the whole response. Codex takes text and calls
from `output_item.done` only, openai-node's helper needs all that comes before it (clients.md 3d).
"""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from lmarena_bridge.core.api import sse
from lmarena_bridge.core.api.responses.resource import (
    Fields,
    ResponseHead,
    incomplete_reason,
    summary_part,
    text_part,
)
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    ReasoningDelta,
    ToolArguments,
    ToolCallBegun,
    part_by_part,
)
from lmarena_bridge.core.chat.text import AnswerText
from lmarena_bridge.core.errors import BridgeError

_Kind = Literal["text", "reasoning", "call"]
_JSON = msgspec.json.Encoder()


class ResponseEncoder:
    """The encoder of one response; at most one item is open at a time. `clock`: seconds since 1970."""

    keep_alive = sse.KEEP_ALIVE

    def __init__(self, head: ResponseHead, clock: Callable[[], float], *, lists_sources: bool) -> None:
        self._head = head
        self._clock = clock
        self._text = AnswerText(lists_sources=lists_sources)
        self._citations: list[CitationFound] = []
        self._sequence = 0
        self._output: list[Fields] = []
        self._open: _Kind | None = None
        self._call = ToolCallBegun("", "")
        self._pieces: list[str] = []
        self._finished: Finished | None = None
        # The response as one body, when it is complete.
        self.whole = b""
        # Of the deltas of the open item.
        self._before_number = b""
        self._before_delta = b""
        self._after_delta = b""

    def encode(self, events: Sequence[ChatEvent], choice: int = 0) -> bytes:
        """The records of these events, for one write; b"" when they show nothing. The only choice is 0."""
        records: list[bytes] = []
        for event in part_by_part(events):
            if piece := self._text.add(event):
                self._add("text", piece, records)
            match event:
                case ReasoningDelta(text=text):
                    self._add("reasoning", text, records)
                case ToolCallBegun():
                    self._close(records)
                    self._call = event
                    self._begin("call", records)
                case ToolArguments(text=text):
                    self._delta(text, records)
                case CitationFound():
                    self._citations.append(event)
                case Finished():
                    self._finished = event
                case _:
                    pass
        return sse.escape(b"".join(records))

    def done(self) -> bytes:
        """The end, when `Finished` was encoded; before that a bug, so a ValueError."""
        if self._finished is None:
            raise ValueError("the answer is not finished yet")
        records: list[bytes] = []
        self._start(records)
        cut = bool(incomplete_reason(self._finished.reason))
        self._close(records, status="incomplete" if cut else "completed")
        response = self._head.ended(self._finished, self._output, int(self._clock()))
        self.whole = _JSON.encode(response)
        self._say("response.incomplete" if cut else "response.completed", records, response=response)
        return b"".join(records)

    def error(self, error: BridgeError) -> bytes:
        """The end of a response that failed on its way."""
        records: list[bytes] = []
        self._start(records)
        self._close(records, status="incomplete")
        self._say("response.failed", records, response=self._head.failed(error, self._output))
        return b"".join(records)

    def _say(self, kind: str, records: list[bytes], **fields: object) -> None:
        event = {"type": kind, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        records.append(sse.event(kind.encode(), _JSON.encode(event)))

    def _start(self, records: list[bytes]) -> None:
        if self._sequence == 0:
            self._say("response.created", records, response=self._head.fields())
            self._say("response.in_progress", records, response=self._head.fields())

    def _add(self, kind: _Kind, piece: str, records: list[bytes]) -> None:
        """A piece of an item that goes on, or is begun for it."""
        if self._open != kind:
            self._close(records)
            self._begin(kind, records)
        self._delta(piece, records)

    def _delta(self, piece: str, records: list[bytes]) -> None:
        self._pieces.append(piece)
        number = b"%d" % self._sequence
        self._sequence += 1
        records += (self._before_number, number, self._before_delta, _JSON.encode(piece), self._after_delta)

    def _begin(self, kind: _Kind, records: list[bytes]) -> None:
        self._start(records)
        self._open, self._pieces = kind, []
        index, item = len(self._output), self._item("", status="in_progress")
        self._say("response.output_item.added", records, output_index=index, item=item)
        place = {"item_id": item["id"], "output_index": index}
        match kind:
            case "text":
                place = {**place, "content_index": 0}
                name, after = "response.output_text.delta", b',"logprobs":[]}\n\n'
                self._say("response.content_part.added", records, **place, part=text_part(""))
            case "reasoning":
                place = {**place, "summary_index": 0}
                name, after = "response.reasoning_summary_text.delta", b"}\n\n"
                self._say("response.reasoning_summary_part.added", records, **place, part=summary_part(""))
            case _:
                name, after = "response.function_call_arguments.delta", b"}\n\n"
        said = name.encode()
        self._before_number = b'event: %b\ndata: {"type":"%b","sequence_number":' % (said, said)
        self._before_delta = b",%b" % _JSON.encode(place)[1:-1] + b',"delta":'
        self._after_delta = after

    def _close(self, records: list[bytes], *, status: str = "completed") -> None:
        kind = self._open
        if kind is None:
            return
        index, whole = len(self._output), "".join(self._pieces)
        item = self._item(whole, status=status)
        place = {"item_id": item["id"], "output_index": index}
        match kind:
            case "text":
                place, part = {**place, "content_index": 0}, text_part(whole, self._citations)
                self._say("response.output_text.done", records, **place, text=whole, logprobs=[])
                self._say("response.content_part.done", records, **place, part=part)
            case "reasoning":
                place, part = {**place, "summary_index": 0}, summary_part(whole)
                self._say("response.reasoning_summary_text.done", records, **place, text=whole)
                self._say("response.reasoning_summary_part.done", records, **place, part=part)
            case _:
                self._say("response.function_call_arguments.done", records, **place, arguments=whole)
        self._say("response.output_item.done", records, output_index=index, item=item)
        self._output.append(item)
        self._open = None

    def _item(self, whole: str, *, status: str) -> Fields:
        """The open item, with as much in it as there is: nothing while it is in progress."""
        index, begun = len(self._output), status == "in_progress"
        match self._open:
            case "text":
                content = [] if begun else [text_part(whole, self._citations)]
                return self._head.message(index, content, status=status)
            case "reasoning":
                return self._head.reasoning(index, [] if begun else [summary_part(whole)])
            case _:
                return self._head.call(index, self._call.id, self._call.name, whole, status=status)
