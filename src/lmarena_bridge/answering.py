"""What a client wants of an answer besides the answer, for all dialects: limits, JSON, tokens counted.

Between the dialects and `bridge.py`, which knows of none of it. A request without such wishes goes through
untouched. Whoever adds a wish adds a pass (`core/chat/passes.py`) to `_passes`, and to `_told` what the model
must be told about it; a pass that is not content with an answer has the bridge asked again.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import Final, Protocol

import msgspec
from msgspec import structs

from lmarena_bridge.core.chat.answer_format import JsonAnswer, told_format
from lmarena_bridge.core.chat.calling.rounds import ToolCalls
from lmarena_bridge.core.chat.counting import Answered, around, said
from lmarena_bridge.core.chat.events import ChatEvent, Finished, Take, part_by_part
from lmarena_bridge.core.chat.limits import AtMost, StopAt, Tokenizer
from lmarena_bridge.core.chat.passes import Pass
from lmarena_bridge.core.chat.reasoning import NoReasoning, ThinkTag
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay

# What takes passes, and what stands there where nothing does: one step, and with `or` five.
_WISHES: Final = attrgetter("tools", "stop", "max_tokens", "format", "reasoning")
_NO_WISHES: Final = (None, (), None, None, "apart")

# How often the bridge is asked for one answer at most: once, and once more for what was wrong with it.
_ROUNDS: Final = 2
# Clients give up without a sign of life (clients.md 0.5), also while a pass holds everything back.
_QUIET_SECONDS: Final = 10.0


class Begun(Protocol):
    """An answer that a tab is asked for, as `bridge.Begun`."""

    @property
    def at(self) -> float: ...
    @property
    def session(self) -> str: ...
    @property
    def job(self) -> str:
        """ "" if no tab could be asked."""
        ...

    def give(self, take: Take, way: ShortWay | None = None) -> Awaitable[None]: ...
    def leave(self) -> None: ...


# Has an answer given to who takes it; what goes by the short way, if there is one, is heard there.
Ask = Callable[[Take, ShortWay | None], Awaitable[None]]


class Chats(Protocol):
    """Whoever answers, as `Bridge` does."""

    def begin(self, request: ChatRequest) -> Begun | None: ...
    def chat(self, request: ChatRequest, take: Take, way: ShortWay | None = None) -> Awaitable[None]: ...


class Watched(Protocol):
    """Whoever watches."""

    def __call__(
        self, ask: Ask, request: ChatRequest, take: Take, way: ShortWay | None, begun: Begun | None, /
    ) -> Awaitable[None]:
        """Ask, and see on its way what is taken."""


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
        watched: Watched = lambda ask, _, take, way, __: ask(take, way),
    ) -> None:
        """`new_id` gives ids that nobody can foresee; `steady` is a clock in seconds, never set back.

        `watched`: whoever watches answers, and asks for each of them.
        """
        self._chats = chats
        self._tokens = tokens
        self._new_id = new_id
        self._steady = steady
        self._watched = watched

    def begin(self, request: ChatRequest) -> Begun | None:
        """Have a tab asked before there is anybody to take the answer; None: `chat` does it in its time.

        What is begun must be given to `chat`, or left. What went wrong is raised there.
        """
        if _WISHES(request) != _NO_WISHES:
            return None
        try:
            return self._chats.begin(request)
        except Exception as error:
            return _Failed([error], self._steady())

    def chat(
        self, request: ChatRequest, take: Take, way: ShortWay | None = None, begun: Begun | None = None
    ) -> Awaitable[None]:
        """Give the answer to `take`, as `Bridge.chat` does: raises BridgeError, being cancelled stops it.

        With wishes nothing goes by the short way, for all of it must go through their passes.
        """
        ask = partial(self._ask, request, begun) if begun is None or request.counted else begun.give
        return self._watched(ask, request, take, way, begun)

    def _ask(
        self, request: ChatRequest, begun: Begun | None, take: Take, way: ShortWay | None
    ) -> Awaitable[None]:
        if request.counted:
            counted = _Counted(request, self._tokens, take)
            take = counted.take
            if way is not None:
                way.listeners.append(counted.answered.add)
        if begun is not None:
            return begun.give(take, way)
        if _WISHES(request) != _NO_WISHES:
            return self._rounds(request, take)
        return self._chats.chat(request, take, way)

    async def prompt_tokens(self, request: ChatRequest) -> int:
        """About how many tokens the request has."""
        (tokens,) = await self._tokens.counts(said(request))
        return tokens + around(request)

    async def _rounds(self, request: ChatRequest, take: Take) -> None:
        """Give the answer after all passes; a second one if the first will not do."""
        calls = None if request.tools is None else ToolCalls(request, request.tools, self._new_id)
        asked: ChatRequest | None = _told(calls.asked if calls else request)
        for left in reversed(range(_ROUNDS)):
            if asked is None:
                return
            passes = [*filter(None, (calls,)), *await self._passes(request, asked, last=left == 0)]
            passed = _Passed(passes, take, self._steady)
            try:
                with suppress(_Enough):
                    await self._chats.chat(asked, passed.take)
            except BridgeError:
                if passed.is_taking or calls is None or not (end := calls.failed()):
                    raise
                await taken(take, end)
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


class _Failed(msgspec.Struct):
    """An answer for which no tab could be asked: it raises the one error.

    And holds it no longer then, for its traceback leads here, and to the whole request.
    """

    error: list[Exception]
    at: float
    session: str = ""
    job: str = ""

    async def give(self, take: Take, way: ShortWay | None = None) -> None:
        raise self.error.pop()

    def leave(self) -> None:
        """There is nothing to be stopped."""


class _Enough(Exception):
    """Nothing more is wanted of an answer."""


class _Passed:
    """Takes one answer through its passes, to whoever takes it then. Raises _Enough."""

    def __init__(self, passes: Sequence[Pass], take: Take, steady: Callable[[], float]) -> None:
        self._passes = passes
        self._take = take
        self._steady = steady
        self._given_at = steady()
        # Whether the last one is at it: what is raised then is not of the answer.
        self.is_taking = False

    async def take(self, batch: Sequence[ChatEvent]) -> None:
        """What is held back gives a sign of life now and then."""
        events: Sequence[ChatEvent] = tuple(part_by_part(batch))
        for each in self._passes:
            if events:
                events = each.feed(events)
        if events or not batch or self._steady() - self._given_at >= _QUIET_SECONDS:
            self._given_at = self._steady()
            self.is_taking = True
            await taken(self._take, events)
            self.is_taking = False
        if (events and isinstance(events[-1], Finished)) or any(each.done for each in self._passes):
            raise _Enough


class _Counted:
    """Takes an answer, and adds the tokens to its end if the site has not counted them."""

    def __init__(self, request: ChatRequest, tokens: Tokens, take: Take) -> None:
        self._request = request
        self._tokens = tokens
        self._take = take
        self.answered = Answered()

    def take(self, batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
        self.answered.add(batch)
        if batch and type(end := batch[-1]) is Finished and end.usage is None:
            return self._end(batch[:-1], end)
        return self._take(batch)

    async def _end(self, before: Sequence[ChatEvent], end: Finished) -> None:
        texts = said(self._request), self.answered.text, self.answered.reasoning
        prompt, text, reasoning = await self._tokens.counts(*texts)
        usage = self.answered.usage(prompt=prompt + around(self._request), text=text, reasoning=reasoning)
        await taken(self._take, (*before, structs.replace(end, usage=usage)))


async def taken(take: Take, batch: Sequence[ChatEvent]) -> None:
    """Return when it is."""
    if (until := take(batch)) is not None:
        await until


def _told(request: ChatRequest) -> ChatRequest:
    """The request with what the model must know about the client's wishes."""
    return request if request.format is None else told_format(request, request.format)
