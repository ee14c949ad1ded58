from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.limits import AtMost, StopAt
from lmarena_bridge.core.chat.passes import Pass

STOP = Finished(FinishReason.STOP)
LENGTH = Finished(FinishReason.LENGTH)
SOURCE = CitationFound("https://example.org", "A source")


class Letters:
    """A tokenizer whose tokens are characters, and that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.seen = 0

    def count(self, text: str) -> int:
        self.asked += 1
        self.seen += len(text)
        return len(text)

    def head(self, text: str, tokens: int) -> str:
        return text[:tokens]


class Fours(Letters):
    """One whose tokens are four characters, as they about are."""

    def count(self, text: str) -> int:
        return (super().count(text) + 3) // 4

    def head(self, text: str, tokens: int) -> str:
        return text[: 4 * tokens]


def passed(one_pass: Pass, events: Iterable[ChatEvent]) -> list[ChatEvent]:
    """What comes out of a pass when each event is a batch of its own; nothing is fed after the end."""
    given: list[ChatEvent] = []
    for event in events:
        given += one_pass.feed([event])
        if given and isinstance(given[-1], Finished):
            break
    return given


def text_of(events: Sequence[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def stopped_by(text: str, stops: Sequence[str]) -> Finished:
    """The end that tells which of the stops the text begins with."""
    return Finished(FinishReason.STOP, stop=min(filter(text.startswith, stops), key=len))


def texts(*pieces: str) -> list[ChatEvent]:
    return [TextDelta(piece) for piece in pieces]


@pytest.mark.parametrize(
    ("stops", "text", "wanted"),
    [
        (["END"], "one END two", "one "),
        (["END"], "one EN two", None),
        (["END"], "one EN", None),
        (["END"], "EENDX", "E"),
        (["aab"], "aaab", "a"),
        (["aab"], "aaaa", None),
        (["two", "one"], "one two", ""),
        (["\n\n", "\nUser:"], "hi\nUser: hi", "hi"),
        (["🦔"], "a 🦔", "a "),
        (["x", "xyz"], "wxyz", "w"),
        (["a", "baa"], "baa", "b"),
    ],
)
def test_the_text_ends_in_front_of_the_first_stop_wherever_it_is_cut(
    stops: list[str], text: str, wanted: str | None
) -> None:
    for cut in range(1, len(text)):
        given = passed(StopAt(stops), [*texts(text[:cut], text[cut:]), LENGTH])
        assert text_of(given) == (text if wanted is None else wanted)
        assert given[-1] == (LENGTH if wanted is None else stopped_by(text[len(wanted) :], stops))


@given(st.text("ab", min_size=1), st.lists(st.text("ab", min_size=1, max_size=4), min_size=1), st.data())
def test_pieces_make_no_difference(text: str, stops: list[str], data: st.DataObject) -> None:
    found = [(text.find(stop) + len(stop), text.find(stop)) for stop in stops if stop in text]
    end, first = min(found, default=(0, None))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(text) - 1)))))
    edges = [0, *cuts, len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges) if start < end]
    given = passed(StopAt(stops), [*texts(*pieces), LENGTH])
    assert text_of(given) == text[:first]
    assert given[-1] == (LENGTH if first is None else stopped_by(text[first:end], stops))
    assert TextDelta("") not in given


def test_only_what_may_become_a_stop_is_held_back() -> None:
    stop = StopAt(["END"])
    assert stop.feed(texts("one E")) == texts("one ")
    assert stop.feed(texts("N")) == []
    assert stop.feed(texts("Z")) == texts("ENZ")


def test_what_is_no_text_goes_by_and_pictures_keep_their_place() -> None:
    image, thought = ImageProduced("https://x", "image/png"), ReasoningDelta("END")
    given = passed(StopAt(["END"]), [TextDelta("E"), thought, SOURCE, image, TextDelta("ND"), STOP])
    assert given == [thought, SOURCE, TextDelta("E"), image, TextDelta("ND"), STOP]
    call = ToolCallBegun("1", "f")
    assert passed(StopAt(["END"]), [TextDelta("E"), call]) == [TextDelta("E"), call]


def test_a_text_ends_after_so_many_tokens() -> None:
    for cut in range(1, 10):
        events = [*texts("0123456789"[:cut], "0123456789"[cut:]), STOP]
        given = passed(AtMost(7, Letters()), events)
        assert text_of(given) == "0123456"
        assert given[-1] == LENGTH
        assert TextDelta("") not in given


def test_a_text_that_just_fits_ends_as_the_model_ended_it() -> None:
    assert passed(AtMost(3, Letters()), [*texts("ab", "c"), STOP]) == [*texts("ab", "c"), STOP]


def test_characters_of_several_bytes_are_no_more_tokens_than_they_are() -> None:
    assert text_of(passed(AtMost(3, Letters()), [*texts("ąę", "🦔", "x"), STOP])) == "ąę🦔"


def test_reasoning_sources_and_pictures_are_not_counted() -> None:
    others: list[ChatEvent] = [
        ReasoningDelta("much thought"),
        SOURCE,
        ImageProduced("https://x", "image/png"),
    ]
    assert passed(AtMost(2, Letters()), [*others, *texts("ab"), STOP]) == [*others, *texts("ab"), STOP]


@pytest.mark.parametrize("text", ["some words " * 4000, "a" * 44_000])
def test_a_long_answer_is_counted_a_few_times_and_not_once_a_piece(text: str) -> None:
    tokenizer = Fours()
    pieces = [text[at : at + 4] for at in range(0, len(text), 4)]
    given = passed(AtMost(10_000, tokenizer), [*texts(*pieces), STOP])
    assert abs(len(text_of(given)) - 40_000) < 200
    assert given[-1] == LENGTH
    assert tokenizer.asked < 150
    assert tokenizer.seen < 4 * len(text)


@given(st.text(max_size=60), st.integers(1, 60), st.integers(1, 7))
def test_it_is_always_a_beginning_of_the_text(text: str, most: int, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    given = passed(AtMost(most, Letters()), [*texts(*pieces), STOP])
    assert text_of(given) == text[:most]
    assert given[-1] == (LENGTH if len(text) > most else STOP)
