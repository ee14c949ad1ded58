import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.api.depth import MOST_LEVELS, is_too_deep


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def depth(value: Any) -> int:
    """Counted the simple way."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


@pytest.mark.parametrize("template", ["[%s]", '{"a":%s}', '[1,{"a[":[%s],"b":"]"}]'])
def test_levels_are_counted_whatever_they_are_made_of(template: str) -> None:
    each = 3 if template.startswith("[1") else 1
    value = "1"
    for _ in range(MOST_LEVELS // each):
        value = template % value
    assert not is_too_deep(value.encode())
    assert is_too_deep((template % value).encode())


def test_many_lists_beside_each_other_are_not_deep() -> None:
    assert not is_too_deep(b"[" + b",".join([nested(5)] * 10_000) + b"]")
    assert is_too_deep(b"[" + b",".join([nested(5)] * 10_000) + b"," + nested(MOST_LEVELS) + b"]")


def test_brackets_in_texts_are_texts() -> None:
    text = json.dumps({"code": "[{" * 1000 + '\\"', "then": ['\\\\"', "[[" * 200]})
    assert not is_too_deep(bytearray(text.encode()))


def test_a_body_of_many_small_texts_is_looked_at_as_a_whole() -> None:
    texts = b",".join([rb'"[\\"', rb'"[\""'] * 20_000)
    assert not is_too_deep(b"[" + texts + b"]")
    assert is_too_deep(b"[" + texts + b"," + nested(MOST_LEVELS) + b"]")


def test_an_endless_body_is_looked_at_quickly() -> None:
    assert is_too_deep(nested(1_000_000))


JSON = st.recursive(
    st.none() | st.text(alphabet='[]{}\\"ab', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[]{"\\'), inner, max_size=2),
    max_leaves=10,
)


@given(JSON, st.integers(MOST_LEVELS - 8, MOST_LEVELS + 1))
def test_it_is_the_depth_that_a_reader_finds(value: Any, around: int) -> None:
    for _ in range(around):
        value = [value]
    assert is_too_deep(json.dumps(value).encode()) == (depth(value) > MOST_LEVELS)
