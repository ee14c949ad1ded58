from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.errors import MalformedStream
from lmarena_bridge.core.site.lines import MAX_LINE_BYTES, LineSplitter


def test_a_line_comes_with_its_end_and_without_it() -> None:
    lines = LineSplitter()
    assert lines.feed(b"one") == []
    assert lines.feed(b" more\ntwo\n\nthr") == [b"one more", b"two", b""]
    assert lines.feed(b"") == []
    assert lines.feed(b"ee\n") == [b"three"]
    assert lines.rest() == b""


def test_what_has_no_end_yet_can_be_had_once() -> None:
    lines = LineSplitter()
    lines.feed(b"one\ntw")
    lines.feed(b"o")
    assert lines.rest() == b"two"
    assert lines.rest() == b""
    assert lines.feed(b"!\n") == [b"!"]


@pytest.mark.parametrize("text", [b"a\rb\n", "a\u2028b\u2029c\u0085d\n".encode(), b"a\x0bb\x0cc\x1cd\x00\n"])
def test_only_a_line_feed_ends_a_line(text: bytes) -> None:
    assert LineSplitter().feed(text) == [text[:-1]]


@given(
    data=st.lists(st.sampled_from([b"\n", b"a", b"bc", "🎯".encode(), b"\r\n"])).map(b"".join),
    places=st.lists(st.integers(min_value=0)),
)
def test_where_the_bytes_are_cut_makes_no_difference(data: bytes, places: list[int]) -> None:
    lines = LineSplitter()
    cuts = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    found = [line for start, end in pairwise(cuts) for line in lines.feed(data[start:end])]
    assert [*found, lines.rest()] == data.split(b"\n")


def test_a_line_may_be_as_long_as_the_limit_but_not_longer() -> None:
    lines = LineSplitter(longest=10)
    lines.feed(b"12345")
    lines.feed(b"67890")
    lines.check()
    lines.feed(b"1")
    with pytest.raises(MalformedStream, match="line of more than"):
        lines.check()


def test_only_the_unfinished_line_counts_for_the_limit() -> None:
    lines = LineSplitter(longest=10)
    lines.feed(b"123456789\n123456789\n12345")
    lines.check()
    lines.feed(b"6789\n123456789")
    lines.check()
    lines.feed(b"\n")
    lines.feed(b"1234567890")
    lines.check()


def test_a_picture_of_many_megabytes_fits_into_a_line() -> None:
    assert MAX_LINE_BYTES == 64 * 1024 * 1024


def test_a_line_that_has_begun_is_held() -> None:
    lines = LineSplitter()
    held = [bool(lines.held)]
    for piece in (b"one\ntw", b"o\n"):
        lines.feed(piece)
        held.append(bool(lines.held))
    assert held == [False, True, False]
