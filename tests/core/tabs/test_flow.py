import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.tabs.flow import FlowBroken, Inflow


def test_bytes_in_order_are_all_new() -> None:
    flow = Inflow(100, 100)
    assert flow.accept(0, b"abc") == b"abc"
    assert flow.accept(3, b"de") == b"de"
    assert flow.expected == 5


def test_bytes_that_are_just_those_expected_need_only_be_counted() -> None:
    flow = Inflow(5, 5)
    assert flow.advance(0, 3)
    refused = flow.advance(2, 2), flow.advance(4, 1), flow.advance(3, 3)
    assert (refused, flow.expected) == ((False, False, False), 3)
    assert flow.accept(3, b"de") == b"de"
    assert flow.blocked


def test_what_came_before_is_dropped() -> None:
    flow = Inflow(100, 100)
    flow.accept(0, b"abcdef")
    assert flow.accept(0, b"abc") == b""
    assert flow.accept(3, b"def") == b""
    assert flow.accept(4, b"efgh") == b"gh"
    assert flow.expected == 8


def test_a_gap_is_no_stream_any_more() -> None:
    flow = Inflow(100, 100)
    flow.accept(0, b"abc")
    with pytest.raises(FlowBroken, match="bytes 3 to 4 are missing"):
        flow.accept(4, b"e")


def test_more_than_the_limit_is_not_taken() -> None:
    flow = Inflow(4, 4)
    with pytest.raises(FlowBroken, match="allowed were 4"):
        flow.accept(0, b"abcde")


def test_the_limit_rises_by_what_was_used_a_quarter_of_the_window_at_a_time() -> None:
    flow = Inflow(100, 100)
    flow.accept(0, b"x" * 100)
    assert flow.use(24) is None
    assert flow.use(1) == 125
    assert flow.use(75) == 200
    assert flow.limit == 200


def test_a_stream_is_blocked_while_the_tab_has_sent_all_it_may() -> None:
    flow = Inflow(100, 100)
    before, _ = flow.blocked, flow.accept(0, b"x" * 100)
    full, _ = flow.blocked, flow.use(25)
    assert (before, full, flow.blocked) == (False, True, False)


@given(st.binary(min_size=1, max_size=300), st.lists(st.tuples(st.integers(0, 299), st.integers(1, 60))))
def test_whatever_is_repeated_the_bytes_come_out_once_and_in_order(
    answer: bytes, repeats: list[tuple[int, int]]
) -> None:
    flow = Inflow(1000, 1000)
    out = b""
    for start, size in repeats:
        start = min(start, flow.expected, len(answer) - 1)
        out += flow.accept(start, answer[start : start + size])
    out += flow.accept(flow.expected, answer[flow.expected :] or b"!")
    assert out.rstrip(b"!") == answer.rstrip(b"!")
