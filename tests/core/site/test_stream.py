import json
import sys
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
    part_by_part,
)
from lmarena_bridge.core.errors import (
    BridgeError,
    ClientError,
    EmptyAnswer,
    MalformedStream,
    SiteError,
    SiteRefused,
)
from lmarena_bridge.core.site.stream import StreamParser

Side = Literal["a", "b"]

# Streams byte for byte; the manifest says where each is from and what each side makes of it.
STREAMS = Path(__file__).parent / "streams"
MANIFEST: dict[str, Any] = json.loads((STREAMS / "manifest.json").read_text(encoding="utf-8"))
DATA = {name: (STREAMS / name).read_bytes() for name in MANIFEST}
ANSWERS = [name for name, told in MANIFEST.items() if told["a"]["error"] is None]
BROKEN = "MalformedStream malformed_stream"

SIDES: tuple[Side, Side] = ("a", "b")
SITE_REASONS = tuple(reason for reason in FinishReason if reason is not FinishReason.TOOL_CALLS)
STOP = b'ad:{"finishReason":"stop"}\n'


def told(event: ChatEvent) -> list[Any]:
    """An event as the manifest writes it."""
    match event:
        case TextDelta(text):
            return ["text", text]
        case ReasoningDelta(text):
            return ["reasoning", text]
        case ImageProduced(url, content_type):
            return ["image", url, content_type]
        case CitationFound(url, title):
            return ["source", url, title]
        case Finished(reason, usage):
            return ["finished", reason, usage and [usage.prompt_tokens, usage.completion_tokens]]
        case ToolCallBegun() | ToolArguments():
            raise AssertionError("the site knows no tools")


def line_first(parser: StreamParser, data: bytes) -> Iterable[ChatEvent]:
    """As the short way feeds a parser."""
    more = parser.feed_line(data)
    return parser.feed(data) if more is None else [more]


def outcome(
    pieces: Iterable[bytes],
    side: Side = "a",
    feed: Callable[[StreamParser, bytes], Iterable[ChatEvent]] = StreamParser.feed,
) -> dict[str, Any]:
    """What a parser makes of a stream that comes in these pieces. Lets anything but a SiteError through."""
    parser = StreamParser(side)
    events: list[ChatEvent] = []
    try:
        for piece in pieces:
            events += part_by_part(feed(parser, piece))
        events += parser.close()
    except SiteError as error:
        return {"events": [told(event) for event in events], "error": f"{type(error).__name__} {error.code}"}
    return {"events": [told(event) for event in events], "error": None}


def cut(data: bytes, places: Iterable[int]) -> Iterator[bytes]:
    return (data[start:end] for start, end in pairwise([0, *sorted(places), len(data)]))


def bytes_of(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", MANIFEST)
class TestEachStream:
    def test_says_what_its_manifest_tells(self, name: str, side: Side) -> None:
        assert outcome([DATA[name]], side) == MANIFEST[name][side]

    def test_says_the_same_byte_by_byte(self, name: str, side: Side) -> None:
        assert outcome(bytes_of(DATA[name]), side) == MANIFEST[name][side]

    def test_says_the_same_in_two_pieces_wherever_it_is_cut(self, name: str, side: Side) -> None:
        data = DATA[name]
        for place in range(len(data) + 1):
            assert outcome(cut(data, [place]), side) == MANIFEST[name][side], place

    def test_says_the_same_line_by_line(self, name: str, side: Side) -> None:
        lines = DATA[name].splitlines(keepends=True)
        assert outcome(lines, side, line_first) == MANIFEST[name][side]

    def test_says_the_same_with_line_ends_of_windows(self, name: str, side: Side) -> None:
        windows = DATA[name].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        assert outcome([windows], side) == MANIFEST[name][side]


def test_every_stream_is_in_the_manifest() -> None:
    assert {path.name for path in STREAMS.glob("*.txt")} == set(MANIFEST)


@pytest.mark.parametrize("name", [name for name, data in DATA.items() if len(data) <= 90])
def test_short_streams_say_the_same_in_three_pieces_wherever_they_are_cut(name: str) -> None:
    data = DATA[name]
    for places in combinations(range(len(data) + 1), 2):
        assert outcome(cut(data, places)) == MANIFEST[name]["a"], places


@pytest.mark.parametrize(
    ("name", "side"),
    [(name, side) for name, told in MANIFEST.items() for side in SIDES if told[side]["error"] is None],
)
def test_an_answer_that_breaks_off_anywhere_is_no_finished_answer(name: str, side: Side) -> None:
    data, whole = DATA[name], MANIFEST[name][side]["events"]
    for end in range(len(data)):
        broken = outcome([data[:end]], side)
        if broken["error"] is None:
            # Only what follows the last part of the answer is missing.
            assert broken["events"] == whole
            continue
        assert broken["events"] == whole[: len(broken["events"])]
        assert "finished" not in [event[0] for event in broken["events"]]
        assert broken["error"] in {BROKEN, "EmptyAnswer empty_answer", *other_side_answered(data[:end], side)}


def other_side_answered(data: bytes, side: Side) -> set[str]:
    """What may be said instead when the other side came to its end and ours has not begun."""
    other: Side = "b" if side == "a" else "a"
    return set() if outcome([data], other)["error"] == BROKEN else {"WrongSide wrong_battle_side"}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    "behind", [b"a", b"late", b'a0:"late"\n', b'a3:"late"\n', b"\xff\x00\n", b"<html>\n"]
)
def test_nothing_behind_the_end_of_an_answer_matters(name: str, behind: bytes) -> None:
    data = DATA[name].rstrip(b"\n") + b"\n" + behind
    for pieces in ([data], bytes_of(data)):
        assert outcome(pieces) == MANIFEST[name]["a"]


@pytest.mark.parametrize("name", [name for name in ANSWERS if b"data: " not in DATA[name]])
def test_lines_may_be_wrapped_as_server_sent_events(name: str) -> None:
    wrapped = b"".join(b"data: %b\n\n" % line for line in DATA[name].split(b"\n") if line.strip())
    for pieces in ([wrapped], bytes_of(wrapped)):
        assert outcome(pieces) == MANIFEST[name]["a"]


def test_each_event_comes_with_the_byte_that_completes_its_line() -> None:
    parser = StreamParser("a")
    assert parser.feed(b'a0:"Hello"') == []
    assert parser.feed(b"\n") == [TextDelta("Hello")]
    assert parser.feed(b'a0:" there"\na0:"!"\n') == [TextDelta(" there"), TextDelta("!")]
    assert [type(event) for event in parser.feed(STOP)] == [Finished]
    assert parser.close() == []


def test_a_burst_is_one_event_also_behind_the_end_of_a_line_that_was_cut() -> None:
    parser = StreamParser("a")
    many = (TextDelta("and then" * 50, ("and then",) * 50),)
    assert parser.feed(b'a0:"and then"\n' * 50 + b'a0:"Hel') == [*many]
    assert parser.feed(b'lo"\n' + b'a0:"and then"\n' * 50) == [TextDelta("Hello"), *many]


@pytest.mark.parametrize("line", [b'd:{"finishReason":"stop"}', b"2:no JSON"])
def test_nothing_of_a_burst_is_read_behind_the_end_of_an_answer(line: bytes) -> None:
    pieces = [b'a0:"Hello"\na', line + b"\n" + b'a0:"and then"\n' * 50]
    assert outcome(pieces)["events"][1:] in ([], [["finished", "stop", None]])
    assert outcome(pieces) == outcome(bytes_of(b"".join(pieces)))


def test_what_came_before_a_failure_is_handed_over_first() -> None:
    parser = StreamParser("a")
    assert parser.feed(b'a0:"Hel"\na3:"No more."\na0:"lo"\n') == [TextDelta("Hel")]
    for _ in range(2):
        with pytest.raises(SiteRefused, match=r"No more\."):
            parser.feed(b'a0:"lo"\n')
    with pytest.raises(SiteRefused, match=r"No more\."):
        parser.close()


def test_a_failure_with_nothing_before_it_is_raised_at_once() -> None:
    with pytest.raises(SiteRefused):
        StreamParser("a").feed(b'a2:[{"type":"heartbeat"}]\na3:"No."\n')


def test_what_is_no_stream_is_judged_without_waiting_for_its_end() -> None:
    parser = StreamParser("a")
    line = b"<p>Sorry</p>" * 100 + b"\n"
    with pytest.raises(MalformedStream, match="a page instead of an answer"):
        for _ in range(100):
            parser.feed(line)
    with pytest.raises(MalformedStream, match="a page instead of an answer"):
        parser.close()


def test_what_comes_after_an_end_without_a_word_is_not_heard() -> None:
    parser = StreamParser("a")
    assert parser.feed(b'ad:{"finishReason":"stop"}\na0:"Too late"\n') == []
    with pytest.raises(EmptyAnswer):
        parser.close()


def test_a_line_without_end_is_given_up() -> None:
    parser = StreamParser("a")
    parser.feed(b'a0:"')
    piece = b"x" * (16 * 1024 * 1024)
    for _ in range(3):
        assert parser.feed(piece) == []
    with pytest.raises(MalformedStream, match="64 MiB"):
        parser.feed(piece)


@pytest.mark.parametrize(("side", "other"), [("a", "B"), ("b", "A")])
def test_the_wrong_side_is_said_with_what_to_set_to_which_letter(side: Side, other: str) -> None:
    parser = StreamParser(side)
    with pytest.raises(SiteError, match=f'battle_target "{other}"') as raised:
        parser.feed(b'%b0:"Hi"\n%bd:{"finishReason":"stop"}\n' % ((other.lower().encode(),) * 2))
        parser.close()
    assert "model_endpoint_map.json" in raised.value.message
    assert "id_updater_battle_target" in raised.value.message
    assert "session capture" in raised.value.message


@pytest.mark.parametrize("first", [b"a", b"b", b"a0", b"bd", b"aa", b"a0:", b'a0:"', b'a0:"Hel'])
def test_an_answer_that_breaks_off_in_its_first_line_was_cut_off(first: bytes) -> None:
    assert "was cut off before its end. Try again." in failure([first])


@pytest.mark.parametrize("first", [b"h", b"hi", b"{}", b"ask"])
def test_something_else_that_is_short_was_not_cut_off(first: bytes) -> None:
    assert "instead of an answer" in failure([first])


@pytest.mark.parametrize(
    "line", [b'aA:"x"', b'A0:"x"', b'c0:"x"', b'0:"x"', b'a0="x"', b'{"message":"x"}', b"[]"]
)
def test_a_line_that_is_no_part_is_not_of_the_format(line: bytes) -> None:
    assert "not in the format this version knows" in failure([b'a0:"Hello"\n' + line + b"\n" + STOP])


def failure(pieces: Iterable[bytes]) -> str:
    with pytest.raises(MalformedStream) as raised:
        parser = StreamParser("a")
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    return raised.value.message


# -- any answer at all -----------------------------------------------------------------------------------

UTF16_UNITS = st.lists(
    st.one_of(
        st.integers(0, 0xFFFF),
        st.sampled_from([0xD83D, 0xDE00, 0xD800, 0xDFFF, 0x0A, 0x0D, 0x22, 0x5C, 0x2028, 0x85, 0x61]),
    ),
    max_size=30,
)
PLACES = st.lists(st.integers(min_value=0), max_size=8)


def javascript(units: list[int]) -> str:
    """A string of JavaScript, halves of characters and all."""
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "surrogatepass")


def as_page_shows(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def as_site_writes(value: object, *, escaped: bool) -> bytes:
    """JSON; where it is not ASCII anyway, only halves of characters are escaped."""
    if escaped:
        return json.dumps(value).encode()
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(each):04x}" if "\ud800" <= each <= "\udfff" else each for each in text).encode()


def anywhere(places: list[int], data: bytes) -> list[int]:
    return [place % (len(data) + 1) for place in places]


@given(
    deltas=st.lists(UTF16_UNITS, min_size=1), places=PLACES, escaped=st.booleans(), code=st.sampled_from("0g")
)
def test_any_text_arrives_as_a_page_would_show_it(
    deltas: list[list[int]], places: list[int], escaped: bool, code: str
) -> None:
    lines = [f"a{code}:".encode() + as_site_writes(javascript(units), escaped=escaped) for units in deltas]
    data = b"\n".join([*lines, STOP])
    text = as_page_shows("".join(map(javascript, deltas)))
    kind = {"0": "text", "g": "reasoning"}[code]
    result = outcome(cut(data, anywhere(places, data)))
    assert "".join(event[1] for event in result["events"] if event[0] == kind) == text
    assert result["error"] == (None if text else "EmptyAnswer empty_answer")
    assert all(event[1] for event in result["events"])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ADDRESSES = TEXTS.map("https://example.org/{}".format)
PICTURES = st.binary(min_size=1).map(lambda data: f"data:image/webp;base64,{b64encode(data).decode()}")
EVENTS = st.one_of(
    st.builds(TextDelta, TEXTS),
    st.builds(ReasoningDelta, TEXTS),
    st.builds(ImageProduced, ADDRESSES, st.just("image/png")),
    st.builds(ImageProduced, PICTURES, st.just("image/webp")),
    st.builds(CitationFound, ADDRESSES, st.just("") | TEXTS),
)
ENDS = st.builds(
    Finished,
    st.sampled_from(SITE_REASONS),
    st.none() | st.builds(Usage, st.integers(0, 10**9), st.integers(0, 10**9)),
)
NOISE = st.sampled_from(
    [
        b"",
        b'a2:[{"type":"heartbeat"}]',
        b'a0:""',
        b'ag:""',
        b"az:no JSON",
        b'ba:{"a0":"no"}',
        b'b0:"Hey"',
        b"b2:[",
        b'bd:{"finishReason":"stop"}',
        b'b3:"An error occurred"',
    ]
)


def lines_of(event: ChatEvent, chance: Random) -> list[bytes]:
    """The event as the site writes it, in one of the ways it has for it."""
    match event:
        case TextDelta(text):
            return [b"a0:" + as_site_writes(text, escaped=chance.random() < 0.5)]
        case ReasoningDelta(text):
            return [b"ag:" + as_site_writes(text, escaped=chance.random() < 0.5)]
        case ImageProduced(url, content_type) if url.startswith("data:"):
            file = {"data": url.partition(",")[2], "mimeType": content_type}
            item = {"type": "image", **chance.choice([file, {"image": url}])}
            return [chance.choice([b"ak:" + as_site_writes(file, escaped=True), data_line(item)])]
        case ImageProduced(url, content_type):
            return [data_line({"type": "image", "image": url, "mimeType": content_type})]
        case CitationFound(url, title):
            arguments = json.dumps(
                {"source": chance.choice([[{"url": url, "title": title}], {"url": url, "title": title}])}
            )
            place = chance.randrange(len(arguments))
            pieces = chance.choice([[arguments], [arguments[:place], arguments[place:]]])
            return [call_line(piece) for piece in pieces]
        case Finished(reason, usage):
            finish: dict[str, object] = {"finishReason": reason.replace("_", "-")}
            if usage is not None:
                finish["usage"] = {
                    "promptTokens": usage.prompt_tokens,
                    "completionTokens": usage.completion_tokens,
                }
            return [b"ad:" + as_site_writes(finish, escaped=False)]
        case ToolCallBegun() | ToolArguments():
            raise AssertionError("the site knows no tools")


def data_line(item: dict[str, str]) -> bytes:
    return b"a2:" + as_site_writes([{"type": "heartbeat"}, item], escaped=False)


def call_line(arguments: str) -> bytes:
    call = {"toolCallId": "citation-source", "argsTextDelta": arguments}
    return b"ac:" + as_site_writes(call, escaped=False)


@settings(deadline=None)
@given(
    events=st.lists(EVENTS),
    end=ENDS,
    noise=st.lists(NOISE),
    places=PLACES,
    chance=st.randoms(use_true_random=False),
)
def test_any_answer_comes_out_as_it_was_meant(
    events: list[ChatEvent], end: Finished, noise: list[bytes], places: list[int], chance: Random
) -> None:
    events = [TextDelta("Well: "), *events, end]
    lines = [line for event in events for line in lines_of(event, chance)]
    for each in noise:
        lines.insert(chance.randrange(len(lines)), each)
    data = chance.choice([b"\n", b"\r\n"]).join([*lines, b""])
    assert outcome(cut(data, anywhere(places, data))) == {"events": list(map(told, events)), "error": None}


KEYS = st.one_of(
    st.sampled_from(["type", "image", "data", "mimeType", "toolCallId", "argsTextDelta", "source"]),
    st.sampled_from(["finishReason", "usage", "promptTokens", "completionTokens", "url", "title"]),
    st.sampled_from(["error", "message", "issues", "path"]),
)
WORDS = st.one_of(
    st.sampled_from(["image", "heartbeat", "stop", "error", "hasArenaError", "image/png", "QUJD", "c1"]),
    st.sampled_from(["https://example.org/", '{"source":', '{"url":"https://example.org"}}']),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | UTF16_UNITS.map(javascript),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS, children, max_size=4),
    max_leaves=8,
)
PARTS = st.builds(
    lambda side, code, value, escaped: f"{side}{code}:".encode() + as_site_writes(value, escaped=escaped),
    st.sampled_from("aab"),
    st.sampled_from("00gg2kch3de9fz"),
    st.one_of(JSON, WORDS, st.dictionaries(KEYS, WORDS), st.lists(st.dictionaries(KEYS, WORDS), max_size=3)),
    st.booleans(),
)
LINES = st.one_of(
    PARTS, PARTS, PARTS, st.sampled_from([b"", b"\r", STOP, *DATA.values()]), st.binary(max_size=9)
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=10), places=PLACES, side=st.sampled_from(SIDES))
def test_any_lines_at_all_are_understood_or_refused_wherever_they_are_cut(
    lines: list[bytes], places: list[int], side: Side
) -> None:
    data = b"\n".join(lines)
    whole = outcome([data], side)
    assert outcome(cut(data, anywhere(places, data)), side) == whole
    assert outcome(cut(data, anywhere(places, data)), side, line_first) == whole
    assert outcome((line + b"\n" for line in data.split(b"\n")), side, line_first) == outcome(
        [data + b"\n"], side
    )
    assert outcome(bytes_of(data), side) == whole
    # What comes out can be written as UTF-8 and is never nothing.
    assert json.dumps(whole, ensure_ascii=False).encode("utf-8")
    assert all(event[1] for event in whole["events"])
    assert [event[0] for event in whole["events"][-1:]] == ["finished"] or whole["error"] is not None


@settings(deadline=None)
@given(data=st.binary(), places=PLACES)
def test_any_bytes_at_all_are_refused_wherever_they_are_cut(data: bytes, places: list[int]) -> None:
    whole = outcome([data])
    assert whole["error"] is not None
    assert outcome(cut(data, anywhere(places, data))) == whole


@settings(deadline=None)
@given(data=st.binary())
def test_a_failure_never_blames_the_client(data: bytes) -> None:
    parser = StreamParser("a")
    with pytest.raises(BridgeError) as raised:
        parser.feed(data)
        parser.close()
    assert not isinstance(raised.value, ClientError)


@pytest.mark.parametrize("nested", [b"[" * 100_000, b'{"error":' * 100_000, b"[" * 950 + b"]" * 950])
@pytest.mark.parametrize("front", [b"", b"a0:", b"a2:", b"a3:", b"ac:", b"ad:", b"ah:"])
def test_no_depth_of_nesting_is_too_deep(front: bytes, nested: bytes) -> None:
    assert outcome([front + nested + b"\n" + STOP])["error"] is not None


# -- growth ----------------------------------------------------------------------------------------------


def calls(pieces: Iterable[bytes]) -> int:
    """How many functions are called to read a stream: what it costs, whatever the machine."""
    parser, count = StreamParser("a"), 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for piece in pieces:
            parser.feed(piece)
    finally:
        sys.setprofile(before)
    return count


def kept(pieces: Iterable[bytes]) -> int:
    """The most memory that reading a stream needs beyond the stream itself, in bytes.

    Other threads of the process are measured as well: the least of several times is the parser's own.
    """
    pieces = list(pieces)
    return min(kept_once(pieces) for _ in range(5))


def kept_once(pieces: Iterable[bytes]) -> int:
    parser = StreamParser("a")
    tracemalloc.start()
    try:
        for piece in pieces:
            parser.feed(piece)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "line", [b'a0:"and then"\n', b'ag:"and then"\n', b'ac:{"toolCallId":"x"}\n', b'b0:"Hey"\n']
)
def test_each_line_costs_the_same_however_many_came_before(line: bytes) -> None:
    assert calls([line] * 2000) <= 4.1 * calls([line] * 500)
    assert calls([line * 2000]) <= 4.1 * calls([line * 500])


@pytest.mark.parametrize("line", [b'a0:"and then"\n', b'ag:"and then"\n'])
def test_more_of_the_same_text_takes_the_short_way(line: bytes) -> None:
    assert calls([line * 1000]) < 10 * 1000


def test_of_what_was_said_nothing_is_kept() -> None:
    lines = [b'ag:"and then"\n', b'a2:[{"type":"heartbeat"}]\n', b'a0:"and then"\n', b'b0:"Hey"\n']
    assert kept(lines * 1000) <= kept(lines * 10) + 2000


def test_a_long_line_in_pieces_is_not_copied_before_it_is_whole() -> None:
    pieces = [b'a0:"', *[b"x" * 16 * 1024] * 250]
    assert kept(pieces) < 16 * 1024
    assert calls(pieces) <= 251 * 20


def test_a_line_of_the_same_text_can_be_had_by_itself() -> None:
    parser = StreamParser("a")
    assert parser.feed_line(b'a0:"Hel"\n') == TextDelta("Hel")
    assert parser.feed(b'ag:"so"\n') == [ReasoningDelta("so")]
    assert parser.feed_line(b'ag:"!"\r\n') == ReasoningDelta("!")
    assert parser.goes_on


@pytest.mark.parametrize(
    "before",
    [b'a0:"', b'a0:"\\ud83c"\n', b"<p>\n", b'a3:"no"\n', b"a0:{\n", b'a0:"x"\n' + STOP, STOP, b'ag:"x"\n'],
)
def test_a_line_that_must_be_read_with_what_came_before_it_cannot(before: bytes) -> None:
    parser = StreamParser("a")
    with suppress(SiteError):
        parser.feed(before)
    assert parser.feed_line(b'a0:"x"\n') is None


def test_an_answer_goes_on_until_it_is_complete_or_has_failed() -> None:
    whole, broken = StreamParser("a"), StreamParser("a")
    assert whole.feed(b'a0:"x"\n')
    assert broken.feed(b'a0:"x"\n')
    assert [whole.goes_on, broken.goes_on] == [True, True]
    assert whole.feed(b'ad:{"finishReason":"stop"}\n')
    assert broken.feed(b'a0:"y"\na0:{\n')
    assert [whole.goes_on, broken.goes_on] == [False, False]


def test_a_failure_can_be_asked_for_as_soon_as_what_came_before_it_was_handed_over() -> None:
    parser = StreamParser("a")
    assert parser.failure is None
    assert parser.feed(b'a0:"x"\na0:{\n') == [TextDelta("x")]
    assert isinstance(parser.failure, MalformedStream)
