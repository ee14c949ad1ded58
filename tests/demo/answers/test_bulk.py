from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.demo.answers.bulk import bulk_text


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_any_two_pieces_side_by_side_are_the_whole(start: int, first: int, second: int) -> None:
    middle, end = start + first, start + first + second
    assert bulk_text(start, middle) + bulk_text(middle, end) == bulk_text(start, end)


def test_every_record_says_where_it_stands() -> None:
    text = bulk_text(0, 100_000)
    assert len(text) == 100_000
    assert text[48_000:48_016] == "000000000048000 "
    assert text.isascii()
