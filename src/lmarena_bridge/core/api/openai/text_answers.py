"""The answers of POST /v1/completions: one JSON object, or a record for each piece of text."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from lmarena_bridge.core.api import sse
from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, Usage
from lmarena_bridge.core.chat.text import AnswerText
from lmarena_bridge.core.errors import BridgeError


@dataclass(frozen=True, slots=True)
class TextHead:
    """What all objects of one response begin with; `created` in whole seconds since 1970."""

    id: str
    created: int
    model: str

    def body(self, choices: Sequence[object], **more: object) -> bytes:
        fields = {
            "id": self.id,
            "object": "text_completion",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }
        return msgspec.json.encode(fields | more)


def text_body(completions: Sequence[Completion], head: TextHead, before: Sequence[str]) -> bytes:
    """All answers as one object, each behind the text that is to stand in front of it."""
    choices = [
        _choice(index, front + completion.text, completion.reason)
        for index, (front, completion) in enumerate(zip(before, completions, strict=True))
    ]
    return head.body(choices, usage=usage_fields(completion.usage for completion in completions))


class TextEncoder:
    """The encoder of one streamed response, which has one answer or several at the same time."""

    def __init__(
        self, head: TextHead, before: Sequence[str], *, include_usage: bool, lists_sources: bool
    ) -> None:
        """`include_usage` is the client's stream option."""
        self._head = head
        # What still has to stand in front of an answer.
        self._before = list(before)
        self._texts = [AnswerText(lists_sources=lists_sources) for _ in before]
        self._ends: dict[int, Usage | None] = {}
        self._include_usage = include_usage

    @property
    def keep_alive(self) -> bytes:
        """A sign of life."""
        return sse.KEEP_ALIVE

    def encode(self, events: Sequence[ChatEvent], choice: int = 0) -> bytes:
        """The records of these events, for one write; b"" when they show nothing."""
        text = "".join(map(self._texts[choice].add, events))
        end = next((event for event in events if isinstance(event, Finished)), None)
        records = []
        if text:
            records.append(self._record([_choice(choice, self._front(choice) + text, None)]))
        if end is not None:
            self._ends[choice] = end.usage
            records.append(self._record([_choice(choice, self._front(choice), end.reason)]))
        return b"".join(records)

    def done(self) -> bytes:
        """The end, when the `Finished` of every answer was encoded; before that a bug, so a ValueError."""
        if len(self._ends) < len(self._texts):
            raise ValueError("an answer is not finished yet")
        if not self._include_usage:
            return sse.DONE
        return sse.record(self._head.body([], usage=usage_fields(self._ends.values()))) + sse.DONE

    def error(self, error: BridgeError) -> bytes:
        """The end of an answer that failed on its way."""
        return sse.record(error_body(error)) + sse.DONE

    def _front(self, choice: int) -> str:
        front, self._before[choice] = self._before[choice], ""
        return front

    def _record(self, choices: Sequence[object]) -> bytes:
        return sse.record(self._head.body(choices, **({"usage": None} if self._include_usage else {})))


def _choice(index: int, text: str, reason: FinishReason | None) -> dict[str, object]:
    # The older form knows no calls, and nobody can ask for any.
    return {"text": text, "index": index, "logprobs": None, "finish_reason": reason}
