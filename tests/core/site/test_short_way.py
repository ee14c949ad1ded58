import itertools
from collections.abc import Sequence

import pytest

from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError, MalformedStream, SiteRefused
from lmarena_bridge.core.site.short_way import Passage, ShortWay
from lmarena_bridge.core.site.stream import StreamParser


class Page:
    """A writer that may have to wait."""

    def __init__(self) -> None:
        self.is_ready = True
        self.written: list[ChatEvent] = []

    def write_now(self, events: Sequence[ChatEvent]) -> bool:
        if self.is_ready:
            self.written += events
        return self.is_ready


def passage() -> tuple[Passage, Page]:
    page, way = Page(), ShortWay()
    way.writer = page
    return Passage(way, StreamParser("a")), page


def test_words_are_written_at_once() -> None:
    way, page = passage()
    assert way.short(b'ag:"so"\na0:"He')
    assert way.short(b'y"\na0:" you"\n')
    assert page.written == [ReasoningDelta("so"), TextDelta("Hey"), TextDelta(" you")]


def test_the_long_way_learns_that_words_went_by() -> None:
    way, _ = passage()
    assert not way.has_spoken()
    assert way.short(b'a0:"Hi"\n')
    assert way.has_spoken()
    assert not way.has_spoken()


def test_the_way_is_closed_until_somebody_writes() -> None:
    way = Passage(ShortWay(), StreamParser("a"))
    assert not way.short(b'a0:"Hi"\n')
    assert way.long(b'a0:"Hi"\n') == [TextDelta("Hi")]


def test_who_must_wait_for_the_client_gets_nothing_and_it_is_read_once() -> None:
    way, page = passage()
    page.is_ready = False
    assert not way.short(b'a0:"Hi"\n')
    page.is_ready = True
    assert list(way.long(b'a0:"Hi"\n')) == [TextDelta("Hi")]
    assert page.written == []


OTHERS = {
    "the end": b'a0:"x"\nad:{"finishReason":"stop"}\n',
    "half a line": b'a0:"x',
    "nothing for us": b'b0:"x"\n',
    "a source": b'a0:"x"\nah:{"url":"https://example.org"}\n',
    "words, and then what is no part": b'a0:"x"\na0:{\n',
    "what is no part": b"a0:{\n",
    "an error of the site": b'a3:"no"\n',
}


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_what_is_not_words_only_goes_the_long_way_and_is_read_once(data: bytes) -> None:
    way, page = passage()
    assert not way.short(data)
    assert page.written == []
    assert outcome(way, [data]) == outcome(Passage(ShortWay(), StreamParser("a")), [data])


def outcome(way: Passage, pieces: Sequence[bytes]) -> tuple[list[ChatEvent], type[BridgeError] | None]:
    """What the long way gets of these pieces, and what it fails with."""
    events: list[ChatEvent] = []
    try:
        for piece in (*pieces, b""):
            events += way.long(piece)
    except BridgeError as error:
        return events, type(error)
    return events, None


def test_more_bytes_may_join_those_that_were_parsed() -> None:
    way, _ = passage()
    assert not way.short(b'a0:"x"\nah:{"url":"https://a.example"}\na0:"y')
    first, *rest = way.long(b'a0:"x"\nah:{"url":"https://a.example"}\na0:"y' + b'z"\n')
    assert first == TextDelta("x")
    assert rest[-1] == TextDelta("yz")
    assert way.short(b'a0:"!"\n')


def test_what_came_before_a_failure_is_handed_over_first() -> None:
    way, _ = passage()
    assert not way.short(b'a0:"x"\na0:{\n')
    assert list(way.long(b'a0:"x"\na0:{\n')) == [TextDelta("x")]
    with pytest.raises(MalformedStream):
        way.long(b"")
    other, _ = passage()
    assert not other.short(b'a3:"no"\n')
    with pytest.raises(SiteRefused):
        other.long(b'a3:"no"\n')


def test_listeners_hear_all_words_that_are_written_and_no_others() -> None:
    page, way, heard = Page(), ShortWay(), list[ChatEvent]()
    way.writer = page
    way.listeners.append(heard.extend)
    passage = Passage(way, StreamParser("a"))
    assert passage.short(b'a0:"x"\n')
    page.is_ready = False
    assert not passage.short(b'a0:"y"\n')
    assert heard == page.written == [TextDelta("x")]


ANSWER = 'ag:"hm"\na0:"zażółć"\na0:" 🌉"\nah:{"url":"https://a.example"}\na0:"."\nad:{"finishReason":"stop"}\n'.encode()
WHOLE = StreamParser("a").feed(ANSWER)


@pytest.mark.parametrize("open_from", [0, 1, 3])
def test_an_answer_is_the_same_on_both_ways_at_every_cut(open_from: int) -> None:
    assert WHOLE[-1] == Finished(FinishReason.STOP)
    for first, second in itertools.combinations(range(1, len(ANSWER)), 2):
        way, page = passage()
        for number, piece in enumerate((ANSWER[:first], ANSWER[first:second], ANSWER[second:])):
            page.is_ready = number >= open_from
            if not way.short(piece):
                page.written += way.long(piece)
        assert page.written == WHOLE
