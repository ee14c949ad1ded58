"""Wishes of clients over answers that a test gives, batch by batch."""

import asyncio
import itertools
import weakref
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest
from msgspec.structs import replace

from lmarena_bridge.answering import Answering, Ask, Begun, taken
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    Take,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role, Tool, ToolUse
from lmarena_bridge.core.errors import AnswerNotInFormat, BridgeError, NoTokenizer, PictureNotFetched, TabLost
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.tokens import Tokens, Vocabulary

STOP = Finished(FinishReason.STOP)


class Told:
    """Stands for the bridge: gives these answers one after the other, and keeps what it was asked."""

    def __init__(self, *answers: Sequence[Sequence[ChatEvent]], error: Exception | None = None) -> None:
        self._answers = list(answers)
        self._error = error
        self.asked: list[ChatRequest] = []
        self.ways: list[ShortWay | None] = []
        self.closed_early = 0

    def begin(self, request: ChatRequest) -> "ToldAtOnce":
        if isinstance(self._error, BridgeError) and not self._answers:
            raise self._error
        return ToldAtOnce(self, request)

    async def chat(self, request: ChatRequest, take: Take, way: ShortWay | None = None) -> None:
        self.asked.append(request)
        self.ways.append(way)
        complete = False
        try:
            for batch in self._answers.pop(0):
                await taken(take, batch)
            complete = True
            if self._error is not None:
                raise self._error
        finally:
            self.closed_early += not complete


@dataclass
class ToldAtOnce:
    """An answer of the above for which a tab is asked."""

    told: Told
    request: ChatRequest
    at: float = 0
    session: str = "s"
    job: str = "j"

    def give(self, take: Take, way: ShortWay | None = None) -> Awaitable[None]:
        return self.told.chat(self.request, take, way)

    def leave(self) -> None:
        raise NotImplementedError


def request(
    *, stop: tuple[str, ...] = (), max_tokens: int | None = None, counted: bool = False
) -> ChatRequest:
    message = Message(Role.USER, "Hello")
    return ChatRequest("m", (message,), stop=stop, max_tokens=max_tokens, counted=counted)


def texts(*pieces: str) -> list[list[ChatEvent]]:
    return [[TextDelta(piece)] for piece in pieces]


def answering(told: Told, tokens: Tokens | None = None) -> Answering:
    """Its ids are 00000001, 00000002 …; its clock goes on by four seconds whenever it is looked at."""
    numbers, seconds = itertools.count(1), itertools.count(0, 4)
    return Answering(
        told,
        tokens or Tokens(),
        new_id=lambda: f"{next(numbers):08d}",
        steady=lambda: float(next(seconds)),
    )


async def batches_of(told: Told, asked: ChatRequest, tokens: Tokens | None = None) -> list[list[ChatEvent]]:
    batches: list[list[ChatEvent]] = []
    await answering(told, tokens).chat(asked, lambda batch: batches.append(list(batch)))
    return batches


async def events_of(told: Told, asked: ChatRequest, tokens: Tokens | None = None) -> list[ChatEvent]:
    return [event for batch in await batches_of(told, asked, tokens) for event in batch]


async def test_whoever_watches_sees_each_answer_as_its_client_gets_it() -> None:
    seen: list[ChatEvent] = []

    async def watched(
        ask: Ask, request: ChatRequest, take: Take, way: ShortWay | None, begun: Begun | None
    ) -> None:
        def seeing(batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
            seen.extend(batch)
            return take(batch)

        await ask(seeing, way)

    told, taken = Told([*texts("ab"), [STOP]], [*texts("ab"), [STOP]]), list[ChatEvent]()
    asking = Answering(told, Tokens(), new_id=lambda: "id", steady=lambda: 0, watched=watched)
    for asked in (request(), request(counted=True)):
        await asking.chat(asked, taken.extend)
    assert seen == taken
    assert [event.usage is None for event in taken if isinstance(event, Finished)] == [True, False]


async def test_a_request_without_wishes_gets_the_bridge_s_own_answer() -> None:
    told, batches = Told([*texts("a"), [STOP]]), list[Sequence[ChatEvent]]()
    answer = answering(told).chat(request(), batches.append)
    assert answer.__qualname__ == "Told.chat"  # type: ignore[attr-defined]
    await answer
    assert batches == [[TextDelta("a")], [STOP]]


async def test_what_is_begun_is_not_asked_for_again_and_is_counted_where_that_is_wanted() -> None:
    told, batches = Told([*texts("a"), [STOP]]), list[Sequence[ChatEvent]]()
    answers, asked = answering(told), request(counted=True)
    begun = answers.begin(asked)
    assert begun is not None
    assert told.asked == []
    await answers.chat(asked, batches.append, None, begun)
    assert told.asked == [asked]
    end = batches[-1][-1]
    assert isinstance(end, Finished)
    assert end.usage is not None


def test_what_has_wishes_is_not_begun() -> None:
    for asked in (request(stop=("x",)), request(max_tokens=1), TOOLS, replace(request(), reasoning="off")):
        assert answering(Told()).begin(asked) is None


class Unable(Told):
    def begin(self, request: ChatRequest) -> ToldAtOnce:
        raise TabLost("gone")


async def test_what_could_not_be_begun_is_kept_by_nobody_when_that_was_told() -> None:
    answers = answering(Unable())
    begun = answers.begin(request())
    try:
        await answers.chat(request(), lambda _: None, None, begun)
    except TabLost as error:
        told = weakref.ref(error)
    assert told() is None


async def test_what_cannot_be_begun_fails_when_it_is_to_be_given() -> None:
    answers = answering(Told(error=TabLost("gone")))
    begun = answers.begin(request())
    assert begun is not None
    assert not begun.job
    begun.leave()
    with pytest.raises(TabLost, match="gone"):
        await answers.chat(request(), lambda _: None, None, begun)


async def test_a_stop_cut_across_pieces_ends_the_answer_and_the_bridge_s_work() -> None:
    told = Told([*texts("one E", "N", "D two"), *texts("three"), [STOP]])
    assert await batches_of(told, request(stop=("END",))) == [
        [TextDelta("one ")],
        [Finished(FinishReason.STOP, stop="END")],
    ]
    assert told.closed_early == 1


async def test_parts_that_came_together_are_looked_at_one_by_one() -> None:
    together = TextDelta("one two END", ("one", " two", " EN", "D"))
    assert await batches_of(Told([[together]]), request(stop=("END",))) == [
        [TextDelta("one"), TextDelta(" two"), TextDelta(" "), Finished(FinishReason.STOP, stop="END")],
    ]


async def test_a_limit_ends_it_too() -> None:
    told = Told([*texts("one two three four five six"), *texts("seven"), [STOP]])
    events = await events_of(told, request(max_tokens=4))
    assert events == [TextDelta("one two three four"), Finished(FinishReason.LENGTH)]
    assert told.closed_early == 1


@pytest.mark.parametrize(("stop", "reason"), [("three", FinishReason.STOP), ("six", FinishReason.LENGTH)])
async def test_of_stop_and_limit_the_first_counts(stop: str, reason: FinishReason) -> None:
    told = Told([*texts("one two ", "three four ", "five six"), [STOP]])
    assert (await events_of(told, request(stop=(stop,), max_tokens=4)))[-1] == Finished(
        reason, stop=stop if reason is FinishReason.STOP else ""
    )


async def test_signs_of_life_go_through_what_is_held_back_is_none() -> None:
    told = Told([[], *texts("E"), [], [TextDelta("x"), STOP]])
    assert await batches_of(told, request(stop=("END",))) == [[], [], [TextDelta("Ex"), STOP]]


async def test_an_error_comes_through_and_a_client_that_leaves_closes_the_bridge_s_answer() -> None:
    with pytest.raises(TabLost):
        await events_of(Told(texts("a"), error=TabLost("gone")), request(stop=("x",), counted=True))
    told, batches = Told(texts("a", "b", "c")), list[Sequence[ChatEvent]]()

    async def leave(batch: Sequence[ChatEvent]) -> None:
        batches.append(batch)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await answering(told).chat(request(stop=("x",), counted=True), leave)
    assert batches == [[TextDelta("a")]]
    assert told.closed_early == 1


async def test_an_error_of_whoever_takes_it_is_none_of_the_answer_s() -> None:
    """After a second round that fails there would be an end, here there is not."""

    async def take(_: Sequence[ChatEvent]) -> None:
        raise PictureNotFetched("gone")

    told = Told([*texts(CALL + WRONG), [STOP]])
    with pytest.raises(PictureNotFetched):
        await answering(told).chat(TOOLS, take)


async def test_an_answer_that_is_no_json_is_asked_for_again_once() -> None:
    told = Told([*texts("Sorry, ", "no."), [STOP]], [*texts('```json\n{"a"', ": 1}\n```"), [STOP]])
    asked = replace(request(counted=True), format=AnswerFormat())
    text, end = await events_of(told, asked)
    assert text == TextDelta('{"a": 1}')
    assert isinstance(end, Finished)
    first, second = told.asked
    assert first.messages[0].content.startswith("Hello\n\nAnswer with one JSON object")
    assert [message.role for message in second.messages] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert second.messages[1].content == "Sorry, no."


async def test_after_two_answers_that_are_no_json_there_is_an_error() -> None:
    told = Told([*texts("No."), [STOP]], [*texts("Still no."), [STOP]])
    with pytest.raises(AnswerNotInFormat):
        await events_of(told, replace(request(), format=AnswerFormat()))


async def test_json_that_was_cut_short_is_given_with_the_reason() -> None:
    told = Told([*texts('{"one": "two three four five six"}'), [STOP]])
    events = await events_of(told, replace(request(max_tokens=5), format=AnswerFormat()))
    assert events[-1] == Finished(FinishReason.LENGTH)
    assert len(told.asked) == 1


@pytest.mark.parametrize(("mode", "text"), [("think_tag", "<think>\nHm\n</think>\n\nYes"), ("off", "Yes")])
async def test_reasoning_goes_where_it_is_wanted(mode: Literal["think_tag", "off"], text: str) -> None:
    told = Told([[ReasoningDelta("Hm")], *texts("Yes"), [STOP]])
    events = await events_of(told, replace(request(), reasoning=mode))
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == text
    assert not any(isinstance(event, ReasoningDelta) for event in events)


async def test_tokens_are_counted_where_the_site_did_not() -> None:
    told = Told([[ReasoningDelta("Hm.")], *texts("Hello ", "world"), [TextDelta("!"), STOP]])
    *_, (last, end) = await batches_of(told, request(counted=True))
    assert last == TextDelta("!")
    assert end == Finished(FinishReason.STOP, Usage(7, 5, reasoning_tokens=2, estimated=True))


async def test_what_the_site_counted_stays() -> None:
    counted = Finished(FinishReason.STOP, Usage(1, 2))
    assert await events_of(Told([*texts("a"), [counted]]), request(counted=True)) == [TextDelta("a"), counted]


async def test_the_tokens_of_a_request_alone() -> None:
    assert await answering(Told()).prompt_tokens(request()) == 7


def without_files() -> Vocabulary:
    raise OSError(24, "Too many open files")


async def test_an_answer_has_its_tokens_estimated_where_they_cannot_be_counted() -> None:
    told = Told([*texts("Hello ", "world"), [STOP]])
    *_, end = await events_of(told, request(counted=True), Tokens(without_files))
    assert end == Finished(FinishReason.STOP, Usage(8, 3, estimated=True))


async def test_a_limit_that_cannot_be_kept_is_told_before_the_bridge_is_asked() -> None:
    told = Told(texts("Hello"))
    with pytest.raises(NoTokenizer, match="Too many open files"):
        await events_of(told, request(max_tokens=5), Tokens(without_files))
    assert told.asked == []


async def test_words_take_the_short_way_unless_they_must_go_through_a_pass() -> None:
    told = Told(texts("a"), texts("a"))
    way = ShortWay()
    for asked in (request(), request(stop=("x",))):
        await answering(told).chat(asked, lambda _: None, way)
    assert told.ways == [way, None]


async def test_what_is_counted_is_heard_on_the_short_way_too() -> None:
    way, events = ShortWay(), list[ChatEvent]()

    def take(batch: Sequence[ChatEvent]) -> None:
        events.extend(batch)
        for listener in way.listeners:
            listener([TextDelta(" and many more words by the short way")])

    await answering(Told([[TextDelta("a")], [STOP]])).chat(request(counted=True), take, way)
    text, end = events
    assert text == TextDelta("a")
    assert isinstance(end, Finished) and end.usage is not None
    assert end.usage.completion_tokens > 5


# -- tools ------------------------------------------------------------------------------------------------

TOOLS = replace(request(), tools=ToolUse((Tool("now"),)))
CALL = '<tool_call_00000001>{"name": "now"}</tool_call_00000001>'
WRONG = '<tool_call_00000001>{"name": "then"}</tool_call_00000001>'
CALLED = Finished(FinishReason.TOOL_CALLS)


def begun(number: int) -> list[ChatEvent]:
    return [ToolCallBegun(f"call_{number:08d}", "now"), ToolArguments("{}")]


async def test_tools_are_told_and_calls_are_read() -> None:
    told = Told([*texts("I look.\n", CALL), [STOP]])
    assert await events_of(told, TOOLS) == [TextDelta("I look."), *begun(2), CALLED]
    (asked,) = told.asked
    assert asked.messages[0].role is Role.SYSTEM
    assert "<tool_call_00000001>" in asked.messages[0].content


async def test_a_call_that_cannot_be_is_asked_for_again_once() -> None:
    told = Told([*texts(WRONG), [STOP]], [*texts(CALL), [STOP]])
    assert await events_of(told, TOOLS) == [*begun(2), CALLED]
    assert [message.role for message in told.asked[1].messages][-2:] == [Role.ASSISTANT, Role.USER]
    told = Told([*texts(WRONG), [STOP]], [*texts(WRONG), [STOP]])
    assert await events_of(told, TOOLS) == [TextDelta('{"name": "then"}'), STOP]


async def test_one_call_at_most_ends_the_bridge_s_work() -> None:
    told = Told([*texts(CALL, CALL), [STOP]])
    assert TOOLS.tools is not None
    assert await events_of(told, replace(TOOLS, tools=replace(TOOLS.tools, parallel=False))) == [
        *begun(2),
        CALLED,
    ]
    assert told.closed_early == 1


async def test_what_the_model_invents_of_results_ends_the_bridge_s_work_and_is_told() -> None:
    told = Told([*texts("<tool_result_00000001>noon"), *texts("more"), []], [*texts(CALL), [STOP]])
    assert await events_of(told, TOOLS) == [*begun(2), CALLED]
    assert told.asked[1].messages[-2] == Message(Role.ASSISTANT, "<tool_result_00000001>noon")


class FailsTheSecondTime(Told):
    async def chat(self, request: ChatRequest, take: Take, way: ShortWay | None = None) -> None:
        if self.asked:
            raise TabLost("gone")
        await super().chat(request, take, way)


async def test_calls_that_were_given_are_good_although_the_second_round_fails() -> None:
    told = FailsTheSecondTime([*texts(CALL + WRONG), [STOP]])
    assert await events_of(told, TOOLS) == [*begun(2), CALLED]
    with pytest.raises(TabLost):
        await events_of(FailsTheSecondTime([*texts(WRONG), [STOP]]), TOOLS)


async def test_a_long_call_gives_signs_of_life() -> None:
    pieces = [CALL[start : start + 4] for start in range(0, len(CALL), 4)]
    batches = await batches_of(Told([*texts(*pieces), [STOP]]), TOOLS)
    assert batches.count([]) >= len(pieces) // 4
    assert [event for batch in batches for event in batch] == [*begun(2), CALLED]


async def test_limits_are_kept_beside_tools() -> None:
    told = Told([*texts("one two three END ", CALL), [STOP]])
    events = await events_of(told, replace(TOOLS, stop=("END",)))
    assert events == [TextDelta("one two three "), Finished(FinishReason.STOP, stop="END")]


async def test_json_that_is_wanted_is_asked_for_again_beside_tools() -> None:
    told = Told([*texts("No."), [STOP]], [*texts('{"a": 1}'), [STOP]])
    events = await events_of(told, replace(TOOLS, format=AnswerFormat()))
    assert events == [TextDelta('{"a": 1}'), STOP]
    told = Told([*texts(CALL), [STOP]])
    assert await events_of(told, replace(TOOLS, format=AnswerFormat())) == [*begun(2), CALLED]
