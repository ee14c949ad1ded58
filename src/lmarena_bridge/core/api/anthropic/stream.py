"""A streamed message: events in, SSE records with Anthropic's stream events out.

`message_start`, then block after block (`content_block_start`, `…_delta`, `…_stop`), `message_delta` with the
reason and the tokens, `message_stop`. Each record has an `event:` line, without which the SDKs hear nothing
(clients.md 3e).
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from lmarena_bridge.core.api import sse
from lmarena_bridge.core.api.anthropic.errors import error_body
from lmarena_bridge.core.api.anthropic.wording import (
    SIGNATURE,
    message_fields,
    stopped,
    text_block,
    thinking_block,
    tool_use_block,
    usage_at_the_end,
    usage_fields,
)
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    ReasoningDelta,
    ToolArguments,
    ToolCallBegun,
    part_by_part,
)
from lmarena_bridge.core.chat.text import AnswerText
from lmarena_bridge.core.errors import BridgeError

_Kind = Literal["text", "thinking", "tool_use"]

# Type of a delta and the field its string stands in, by the kind of the block.
_DELTAS: Final[Mapping[_Kind, tuple[bytes, bytes]]] = {
    "text": (b"text_delta", b"text"),
    "thinking": (b"thinking_delta", b"thinking"),
    "tool_use": (b"input_json_delta", b"partial_json"),
}
_PING: Final = sse.event(b"ping", b'{"type":"ping"}')
_JSON = msgspec.json.Encoder()


class MessageEncoder:
    """The encoder of one message.

    At most one block is open at a time. All deltas of a block differ in one string only, so a record is two
    ready-made pieces around that string's JSON.
    """

    __slots__ = (
        "_after_delta",
        "_before_delta",
        "_finished",
        "_index",
        "_message_id",
        "_model",
        "_open",
        "_request_id",
        "_started",
        "_text",
    )

    def __init__(self, *, message_id: str, request_id: str, model: str, lists_sources: bool) -> None:
        self._message_id = message_id
        self._request_id = request_id
        self._model = model
        self._text = AnswerText(lists_sources=lists_sources)
        self._started = False
        self._open: _Kind | None = None
        # The number of the block that is open, or of the last one that was.
        self._index = -1
        self._before_delta = b""
        self._after_delta = b"}}\n\n"
        self._finished: Finished | None = None

    @property
    def keep_alive(self) -> bytes:
        """Anthropic's own sign of life; before the message has begun a comment, that clients pass over."""
        return _PING if self._started else sse.KEEP_ALIVE

    def encode(self, events: Sequence[ChatEvent], choice: int = 0) -> bytes:
        """The records of these events, for one write; b"" when they show nothing. The only choice is 0."""
        records: list[bytes] = []
        for event in part_by_part(events):
            if piece := self._text.add(event):
                self._add("text", piece, records)
            match event:
                case ReasoningDelta(text=text):
                    self._add("thinking", text, records)
                case ToolCallBegun(id=call_id, name=name):
                    self._begin("tool_use", tool_use_block(call_id, name, {}), records)
                case ToolArguments(text=text):
                    self._delta(text, records)
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
        self._close(records)
        delta = {
            "type": "message_delta",
            "delta": stopped(self._finished.reason, self._finished.stop),
            "usage": usage_at_the_end(self._finished.usage),
        }
        records.append(sse.event(b"message_delta", _JSON.encode(delta)))
        records.append(sse.event(b"message_stop", b'{"type":"message_stop"}'))
        return b"".join(records)

    def error(self, error: BridgeError) -> bytes:
        """The end of a message that failed on its way: what all SDKs raise."""
        return sse.event(b"error", error_body(error, self._request_id))

    def _add(self, kind: _Kind, piece: str, records: list[bytes]) -> None:
        """A piece of a block that goes on, or is begun for it."""
        if self._open != kind:
            self._begin(kind, text_block("") if kind == "text" else thinking_block("", ""), records)
        self._delta(piece, records)

    def _delta(self, piece: str, records: list[bytes]) -> None:
        records += (self._before_delta, _JSON.encode(piece), self._after_delta)

    def _begin(self, kind: _Kind, block: Mapping[str, object], records: list[bytes]) -> None:
        self._start(records)
        self._close(records)
        self._open = kind
        self._index += 1
        self._before_delta = (
            b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,'
            b'"delta":{"type":"%b","%b":' % (self._index, *_DELTAS[kind])
        )
        start = {"type": "content_block_start", "index": self._index, "content_block": block}
        records.append(sse.event(b"content_block_start", _JSON.encode(start)))

    def _close(self, records: list[bytes]) -> None:
        if self._open is None:
            return
        if self._open == "thinking":
            signature = {"type": "signature_delta", "signature": SIGNATURE}
            delta = {"type": "content_block_delta", "index": self._index, "delta": signature}
            records.append(sse.event(b"content_block_delta", _JSON.encode(delta)))
        self._open = None
        stop = {"type": "content_block_stop", "index": self._index}
        records.append(sse.event(b"content_block_stop", _JSON.encode(stop)))

    def _start(self, records: list[bytes]) -> None:
        if self._started:
            return
        self._started = True
        message = {
            **message_fields(self._message_id, self._model),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "stop_details": None,
            "container": None,
            "usage": usage_fields(None),
        }
        start = {"type": "message_start", "message": message}
        records.append(sse.event(b"message_start", _JSON.encode(start)))
