import json

import pytest

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
)
from lmarena_bridge.core.errors import SiteRefused
from lmarena_bridge.core.site.side import SideReader

STOP = ("d", {"finishReason": "stop"})
PICTURE = ("2", [{"type": "image", "image": "https://example.org/a.png", "mimeType": "image/png"}])
SHOWN = ImageProduced("https://example.org/a.png", "image/png")
SOURCE = ("c", {"toolCallId": "1", "argsTextDelta": '{"source":{"url":"https://example.org","title":"A"}}'})
HEARTBEAT = ("2", [{"type": "heartbeat"}])


def new_side() -> SideReader:
    return SideReader.of(ord("a"))


def read(side: SideReader, *parts: tuple[str, object]) -> list[ChatEvent]:
    events: list[ChatEvent] = []
    for code, value in parts:
        side.read(ord(code), memoryview(json.dumps(value).encode()), events)
    return events


def test_a_side_begins_with_nothing_said() -> None:
    side = new_side()
    assert (side.spoke, side.ended, side.finished) == (False, False, False)


def test_an_answer_is_read_part_by_part_in_order() -> None:
    side = new_side()
    assert read(side, ("g", "Hm."), ("0", "Look:"), PICTURE, SOURCE, ("0", "Nice."), STOP) == [
        ReasoningDelta("Hm."),
        TextDelta("Look:"),
        SHOWN,
        CitationFound("https://example.org", "A"),
        TextDelta("Nice."),
        Finished(FinishReason.STOP),
    ]
    assert side.finished
    assert side.ended


def test_codes_that_say_nothing_to_us_are_not_even_decoded() -> None:
    side = new_side()
    events: list[ChatEvent] = []
    for code in b"14567fijabez":
        side.read(code, memoryview(b"no JSON"), events)
    assert events == []
    assert not side.spoke


@pytest.mark.parametrize("code", ["0", "g", "2", "3", "c", "d", "h", "k"])
def test_parts_that_are_no_json_are_said_so(code: str) -> None:
    with pytest.raises(ValueError):
        new_side().read(ord(code), memoryview(b'"torn'), [])


@pytest.mark.parametrize(
    ("part", "speaks"),
    [
        (("0", "a"), True),
        (("g", "a"), True),
        (PICTURE, True),
        (("0", "\ud83d"), True),
        (("0", ""), False),
        (("g", ""), False),
        (SOURCE, False),
        (HEARTBEAT, False),
    ],
)
def test_words_and_pictures_speak_and_nothing_else_does(part: tuple[str, object], speaks: bool) -> None:
    side = new_side()
    read(side, part)
    assert side.spoke is speaks


def test_a_stop_without_a_word_ends_the_side_but_finishes_no_answer() -> None:
    side = new_side()
    assert read(side, HEARTBEAT, STOP) == []
    assert side.ended
    assert not side.finished


@pytest.mark.parametrize("reason", ["length", "content-filter"])
def test_being_cut_short_before_the_first_word_is_an_answer(reason: str) -> None:
    side = new_side()
    assert [type(event) for event in read(side, ("d", {"finishReason": reason}))] == [Finished]
    assert side.finished


@pytest.mark.parametrize("before", [[], [("0", "Some ")]])
def test_the_sites_own_word_for_a_failure_is_an_error(before: list[tuple[str, object]]) -> None:
    side = new_side()
    read(side, *before)
    with pytest.raises(SiteRefused) as raised:
        read(side, ("0", "hasArenaError"))
    assert raised.value.code == "arena_error"


def test_that_word_is_an_error_only_as_a_whole_delta_of_text() -> None:
    assert read(new_side(), ("g", "hasArenaError"), ("0", "hasArenaError "), ("0", " hasArenaError")) == [
        ReasoningDelta("hasArenaError"),
        TextDelta("hasArenaError "),
        TextDelta(" hasArenaError"),
    ]


class TestHalfACharacter:
    def test_waits_for_its_other_half(self) -> None:
        halves = read(new_side(), ("0", "\ud83d"), ("0", ""), HEARTBEAT, ("g", ""), ("0", "\ude00"))
        assert halves == [TextDelta("😀")]

    def test_is_replaced_before_anything_else_comes(self) -> None:
        side = new_side()
        parts = ("0", "a\ud83d"), PICTURE, ("0", "\ud83d"), ("g", "b\ud83d"), ("0", "c\ud83d"), STOP
        assert read(side, *parts) == [
            TextDelta("a"),
            TextDelta("\ufffd"),
            SHOWN,
            TextDelta("\ufffd"),
            ReasoningDelta("b"),
            ReasoningDelta("\ufffd"),
            TextDelta("c"),
            TextDelta("\ufffd"),
            Finished(FinishReason.STOP),
        ]


class TestARun:
    """The short way for parts that go on with the same kind of text."""

    @pytest.mark.parametrize(
        ("parts", "run"),
        [
            ([], b'a0:"'),
            ([("0", "")], b'a0:"'),
            ([("g", "")], b'a0:"'),
            ([STOP], b"\n"),
            ([("0", "a")], b'a0:"'),
            ([("g", "a")], b'ag:"'),
            ([("g", "a"), ("0", "b")], b'a0:"'),
            ([("0", "b"), PICTURE, ("g", "")], b'a0:"'),
            ([("0", "a"), ("0", "\ud83d")], b"\n"),
            ([("0", "\ud83d"), PICTURE], b"\n"),
            ([("0", "\ud83d"), ("0", "\ude00")], b'a0:"'),
        ],
    )
    def test_is_of_text_until_another_kind_of_delta_comes(
        self, parts: list[tuple[str, object]], run: bytes
    ) -> None:
        side = new_side()
        read(side, *parts)
        assert side.run == run

    def test_of_side_b_has_its_letter(self) -> None:
        side = SideReader.of(ord("b"))
        read(side, ("0", "a"))
        assert side.run == b'b0:"'

    def test_goes_on_with_text_and_with_reasoning(self) -> None:
        side = new_side()
        read(side, ("g", "Hm"))
        assert side.go_on(b'ag:", so\\n"\r') == ReasoningDelta(", so\n")
        read(side, ("0", "Well"))
        assert side.go_on('a0:" zażółć"\n'.encode()) == TextDelta(" zażółć")

    @pytest.mark.parametrize(
        "payload", [b'""', b'"\\ud83d"', b'"torn', b'"\xff"', b'"hasArenaError"', b'"a" b', b"[]"]
    )
    def test_leaves_what_needs_care_to_the_long_way(self, payload: bytes) -> None:
        side = new_side()
        read(side, ("0", "a"))
        assert side.go_on(b"a0:" + payload) is None

    @pytest.mark.parametrize("line", [b'ag:"a"', b'b0:"a"', b"", b"\n", b'0:"a"'])
    def test_leaves_every_other_line_to_the_long_way(self, line: bytes) -> None:
        side = new_side()
        assert side.go_on(line) is None
        read(side, ("0", "\ud83d"))
        assert side.go_on(line) is None


def at_length(side: SideReader, data: str) -> tuple[int, list[ChatEvent]]:
    events: list[ChatEvent] = []
    return side.go_on_at_length(data.encode(), events), events


TWO_LINES = 'a0:"one"\na0:"two"\n'


def test_many_lines_of_text_are_read_at_once_from_the_beginning_on() -> None:
    side = new_side()
    assert at_length(side, TWO_LINES + "a2:") == (len(TWO_LINES), [TextDelta("onetwo", ("one", "two"))])
    assert side.spoke


def test_many_lines_are_of_the_kind_that_came_last() -> None:
    side = new_side()
    read(side, ("g", "Hm."))
    assert at_length(side, TWO_LINES) == (0, [])
    thoughts = TWO_LINES.replace("a0", "ag")
    assert at_length(side, thoughts) == (len(thoughts), [ReasoningDelta("onetwo", ("one", "two"))])


def test_half_a_character_and_what_is_no_words_must_be_read_line_by_line() -> None:
    side = new_side()
    assert at_length(side, 'a0:""\na0:"two"\n') == (0, [])
    assert at_length(side, 'a0:"hasArenaError"\na0:"two"\n') == (0, [])
    assert not side.spoke
    read(side, ("0", "\ud83d"))
    assert at_length(side, TWO_LINES) == (0, [])


def test_nothing_is_read_behind_the_end() -> None:
    side = new_side()
    read(side, STOP)
    assert (side.ended, side.finished) == (True, False)
    assert at_length(side, TWO_LINES) == (0, [])


END = b'd:{"finishReason":"stop"}'


@pytest.mark.parametrize(
    "before",
    [
        (),
        (("0", "Hi"),),
        (PICTURE,),
        (("0", "Hi"), ("g", "Hm.")),
        (("0", "half \ud83c"),),
        (("0", "Hi"), STOP),
    ],
    ids=["nothing", "words", "a picture", "thoughts", "half a character", "another end"],
)
@pytest.mark.parametrize("line", [b"a" + END, b"b" + END, b"a" + END[:-1] + b" }", b'a0:"Hi"'])
def test_the_usual_end_is_known_only_where_reading_it_comes_to_the_same(
    before: tuple[tuple[str, object], ...], line: bytes
) -> None:
    known, other = new_side(), new_side()
    read(known, *before)
    read(other, *before)
    if known.ends(line):
        events: list[ChatEvent] = []
        other.read(line[1], memoryview(line)[3:], events)
        assert events == [Finished(FinishReason.STOP)]
    assert known == other


def test_it_is_known_behind_words_and_not_without_any() -> None:
    side = new_side()
    assert not side.ends(b"a" + END)
    read(side, ("0", "Hi"))
    assert not side.ends(b"b" + END)
    assert side.ends(b"a" + END)
    assert not side.ends(b"a" + END)
