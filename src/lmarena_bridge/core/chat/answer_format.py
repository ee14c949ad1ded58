"""Answers that shall be one JSON value: the model is told, its answer checked, and asked for again once.

The site knows no such wish, so a model can only be asked. Until the whole answer is checked nothing of it is
given: a client that wants JSON has no use for the beginning of what is none.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

from msgspec.structs import replace

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    TextDelta,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.json_schema import Schema
from lmarena_bridge.core.chat.passes import Pass
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role
from lmarena_bridge.core.errors import AnswerNotInFormat

_ANY_OBJECT: Final = (
    "Answer with one JSON object and nothing else: no word before or after it, and no code fence around it."
)
_BY_SCHEMA: Final = (
    "Answer with one JSON value and nothing else: no word before or after it, and no code fence around it. "
    "It must be valid by this JSON Schema:\n"
)
_FENCED: Final = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)\n?[ \t]*```", re.DOTALL | re.MULTILINE)
_BEGINS: Final = re.compile(r"[{\[]")


def told_format(request: ChatRequest, wanted: AnswerFormat) -> ChatRequest:
    """The request with the wish at the end of what the user says last, where models heed it most."""
    wish = f"{_BY_SCHEMA}{wanted.schema}" if wanted.schema else _ANY_OBJECT
    messages = list(request.messages)
    for index in reversed(range(len(messages))):
        if messages[index].role is Role.USER:
            said = messages[index].content
            messages[index] = replace(messages[index], content=f"{said}\n\n{wish}" if said.strip() else wish)
            return replace(request, messages=tuple(messages))
    return replace(request, messages=(*messages, Message(Role.USER, wish)))


class JsonAnswer(Pass):
    """Holds the text back until it is complete, and gives the JSON in it if it is what was asked for."""

    def __init__(self, asked: ChatRequest, wanted: AnswerFormat, *, last: bool) -> None:
        """`asked` is what the model was told. On the `last` round an answer that will not do is an error."""
        self._asked = asked
        self._wanted = wanted
        self._last = last
        self._text: list[str] = []
        self._calls = False
        self._again: ChatRequest | None = None

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        given: list[ChatEvent] = []
        for event in events:
            match event:
                case TextDelta(text=text):
                    self._text.append(text)
                case Finished():
                    given += self._end(event)
                case ToolCallBegun():
                    self._calls = True
                    given += (*self._as_it_is(), event)
                case _:
                    given.append(event)
        return given

    def again(self) -> ChatRequest | None:
        return self._again

    def _end(self, end: Finished) -> Sequence[ChatEvent]:
        # What was cut short can be no JSON, and a call of a tool takes the place of an answer.
        if end.reason is not FinishReason.STOP or self._calls:
            return [*self._as_it_is(), end]
        text = "".join(self._text)
        found, fault = json_in(text, self._wanted)
        if not fault:
            return [TextDelta(found), end]
        if self._last:
            _refuse(fault)
        self._again = _asked_again(self._asked, text, fault)
        return []

    def _as_it_is(self) -> Sequence[ChatEvent]:
        text = "".join(self._text)
        self._text.clear()
        return [TextDelta(text)] if text else []


def json_in(text: str, wanted: AnswerFormat) -> tuple[str, str]:
    """The JSON that was asked for, as it stands in the text, and "";  or "" and why there is none."""
    schema = Schema(wanted.schema) if wanted.schema else None
    fault = ""
    for candidate in _candidates(text):
        try:
            value = json.loads(candidate, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            fault = fault or f"it is not valid JSON ({error})"
            continue
        if schema is None:
            why = "" if isinstance(value, dict) else "it is JSON, but not an object"
        else:
            why = schema.fault(value)
        if not why:
            return candidate, ""
        fault = why
    return "", fault


def _candidates(text: str) -> Iterator[str]:
    """What may be meant: all of the text, what stands in a fence, what follows some introducing words."""
    yield text.strip()
    yield from (found[1].strip() for found in _FENCED.finditer(text))
    if begin := _BEGINS.search(text):
        try:
            _, end = json.JSONDecoder().raw_decode(text, begin.start())
        except (ValueError, RecursionError):
            return
        yield text[begin.start() : end]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _asked_again(asked: ChatRequest, text: str, fault: str) -> ChatRequest:
    correction = (
        f"That cannot be used: {fault}. Answer again, with nothing but the JSON: no word before or after it."
    )
    turns = (Message(Role.ASSISTANT, text or "{}"), Message(Role.USER, correction))
    return replace(asked, messages=(*asked.messages, *turns))


def _refuse(fault: str) -> NoReturn:
    raise AnswerNotInFormat(
        f"The model was asked twice for JSON, and its answer will not do: {fault}. Ask again, make the "
        "schema simpler, or take another model: on LMArena one can be asked for JSON, not made to write it."
    )
