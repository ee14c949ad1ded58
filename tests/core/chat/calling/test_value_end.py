import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.calling.value_end import ValueEnd

EDGE = "</?mark"

TEXTS = st.text(alphabet='{}[]"\\/<markx\n', max_size=12)
VALUES = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict | list) and json.dumps(value).lower().count("mark") < 2)


def end_of(text: str, size: int, start: int = 0) -> tuple[int | None, int | None]:
    """The end and the edge of a value that comes in pieces of so many characters."""
    value_end = ValueEnd(start, EDGE)
    for cut in range(size, len(text) + size, size):
        end = value_end.find(text[:cut])
        if end is not None or value_end.edge is not None:
            return end, value_end.edge
    return None, value_end.last_edge()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "end", "edge"),
    [
        ("{} x", 2, None),
        ("[] x", 2, None),
        ('{"a": [1, {"b": "}"}]} x', 22, None),
        (r'{"a": "\"}\\"} x', 14, None),
        (r'{"a": "\\\\"} x', 13, None),
        ('{"a": "<mark>"} x', 15, None),
        ('{"a": "</mark>", "b": "<mark>"} x', 31, None),
        ('{"a": 1', None, None),
        ('{"a": 1 </mark>', None, 8),
        ('{"a": 1 <MARK>', None, 8),
        ('{"a": "half </mark>', None, 12),
        ('{"a": "half </mark> <mark>{', None, 12),
        (r'{"a": "\<mark>"} x', 16, None),
        ('{"a": "<ma"} x', 12, None),
        ('{"a": "x\\', None, None),
        ("]", 1, None),
    ],
)
def test_where_a_value_ends_and_where_a_marker_says_so(
    text: str, end: int | None, edge: int | None, size: int
) -> None:
    assert end_of(text, size) == (end, edge)


def test_the_search_begins_where_the_value_does() -> None:
    assert end_of('"} {"a": 1} }', 3, start=3) == (11, None)


@given(VALUES, st.integers(1, 9), st.booleans())
def test_every_value_ends_where_it_ends(value: Any, size: int, spaced: bool) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2 if spaced else None)
    assert end_of(text + ' "}]<mark>', size) == (len(text), None)
