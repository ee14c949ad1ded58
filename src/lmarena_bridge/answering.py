"""What a client wants of an answer besides the answer, for all dialects: limits, JSON, tokens counted.

Between the dialects and `bridge.py`, which knows of none of it. A request without such wishes goes through
untouched. Whoever adds a wish adds a pass (`core/chat/passes.py`) to `_passes`, and to `_told` what the model
must be told about it; a pass that is not content with an answer has the bridge asked again.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from operator import attrgetter
from typing import Final, Protocol

from msgspec import structs

from lmarena_bridge.core.chat.answer_format import JsonAnswer, told_format
from lmarena_bridge.core.chat.calling.rounds import ToolCalls
from lmarena_bridge.core.chat.counting import Answered, around, said
from lmarena_bridge.core.chat.events import ChatEvent, Finished, Usage, part_by_part
from lmarena_bridge.core.chat.limits import AtMost, StopAt, Tokenizer
from lmarena_bridge.core.chat.passes import Pass
from lmarena_bridge.core.chat.reasoning import NoReasoning, ThinkTag
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay

Batches = AsyncGenerator[Sequence[ChatEvent], None]
# Gives on the answer to this request; what goes by the short way, if there is one, it hears there.
Watched = Callable[[ChatRequest, Batches, ShortWay | None], Batches]

# What takes passes, and what stands there where nothing does: one step, and with `or` five.
_WISHES: Final = attrgetter("tools", "stop", "max_tokens", "format", "reasoning")
_NO_WISHES: Final = (None, (), None, None, "apart")

# How often the bridge is asked for one answer at most: once, and once more for what was wrong with it.
_ROUNDS: Final = 2
# Clients give up without a sign of life (clients.md 0.5), also while a pass holds everything back.
_QUIET_SECONDS: Final = 10.0


class Chats(Protocol):
    """Whoever answers, as `Bridge` does."""

    def chat(self, request: ChatRequest, way: ShortWay | None = None) -> Batches: ...


class Tokens(Protocol):
    """Whoever counts tokens, beside the event loop."""

    async def tokenizer(self) -> Tokenizer:
        """For a text that has to be counted while it comes."""

    async def counts(self, *texts: str) -> list[int]:
        """How many tokens each text has."""


class Answering:
    """Answers as their clients want them."""

    def __init__(
        self,
        chats: Chats,
        tokens: Tokens,
        *,
        new_id: Callable[[], str],
        steady: Callable[[], float],
        watched: Watched = lambda _, answer, __: answer,
    ) -> None:
        """`new_id` gives ids that nobody can foresee; `steady` is a clock in seconds, never set back.

        `watched`: what each answer goes through at last, by whoever watches it.
        """
        self._chats = chats
        self._tokens = tokens
        self._new_id = new_id
        self._steady = steady
        self._watched = watched

    def chat(self, request: ChatRequest, way: ShortWay | None = None) -> Batches:
        """The answer in batches of events, like `Bridge.chat`: raises BridgeError, closing it cancels.

        With wishes nothing goes by the short way, for all of it must go through their passes.
        """
        wishes = _WISHES(request) != _NO_WISHES
        answer = self._rounds(request) if wishes else self._chats.chat(request, way)
        if request.counted:
            answer = self._counted(request, answer, way)
        return self._watched(request, answer, way)

    async def prompt_tokens(self, request: ChatRequest) -> int:
        """About how many tokens the request has."""
        (tokens,) = await self._tokens.counts(said(request))
        return tokens + around(request)

    async def _rounds(self, request: ChatRequest) -> Batches:
        """The answer after all passes; a second one if the first will not do."""
        calls = None if request.tools is None else ToolCalls(request, request.tools, self._new_id)
        asked: ChatRequest | None = _told(calls.asked if calls else request)
        for left in reversed(range(_ROUNDS)):
            if asked is None:
                return
            passes = [*filter(None, (calls,)), *await self._passes(request, asked, last=left == 0)]
            try:
                async with aclosing(self._passed(self._chats.chat(asked), passes)) as batches:
                    async for batch in batches:
                        yield batch
            except BridgeError:
                if calls is None or not (end := calls.failed()):
                    raise
                yield end
                return
            asked = calls.again() if calls else None
            if asked is None:
                asked = next(filter(None, (each.again() for each in passes)), None)
                if calls:
                    calls.anew()

    async def _passes(self, request: ChatRequest, asked: ChatRequest, *, last: bool) -> Sequence[Pass]:
        """In the order in which the events go through them, those for tools left out.

        `asked` is the request as this round's model sees it; `last`: nobody may ask again.
        """
        passes: list[Pass] = []
        if request.stop:
            passes.append(StopAt(request.stop))
        if request.max_tokens is not None:
            passes.append(AtMost(request.max_tokens, await self._tokens.tokenizer()))
        if request.format is not None:
            passes.append(JsonAnswer(asked, request.format, last=last))
        if request.reasoning == "off":
            passes.append(NoReasoning())
        elif request.reasoning == "think_tag" and request.format is None:
            passes.append(ThinkTag())
        return passes

    async def _passed(self, answer: Batches, passes: Sequence[Pass]) -> Batches:
        """One answer through its passes. What is held back gives a sign of life now and then."""
        given_at = self._steady()
        async with aclosing(answer):
            async for batch in answer:
                events: Sequence[ChatEvent] = tuple(part_by_part(batch))
                for each in passes:
                    if events:
                        events = each.feed(events)
                if events or not batch or self._steady() - given_at >= _QUIET_SECONDS:
                    given_at = self._steady()
                    yield events
                if (events and isinstance(events[-1], Finished)) or any(each.done for each in passes):
                    return

    async def _counted(self, request: ChatRequest, answer: Batches, way: ShortWay | None) -> Batches:
        """The answer, its end with the tokens if the site has not counted them."""
        answered = Answered()
        if way is not None:
            way.listeners.append(answered.add)
        async with aclosing(answer):
            async for batch in answer:
                answered.add(batch)
                match batch:
                    case [*before, Finished(usage=None) as end]:
                        usage = await self._usage(request, answered)
                        yield [*before, structs.replace(end, usage=usage)]
                    case _:
                        yield batch

    async def _usage(self, request: ChatRequest, answered: Answered) -> Usage:
        texts = said(request), answered.text, answered.reasoning
        prompt, text, reasoning = await self._tokens.counts(*texts)
        return answered.usage(prompt=prompt + around(request), text=text, reasoning=reasoning)


def _told(request: ChatRequest) -> ChatRequest:
    """The request with what the model must know about the client's wishes."""
    return request if request.format is None else told_format(request, request.format)
