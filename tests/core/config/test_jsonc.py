import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.config.jsonc import MAX_CHARACTERS, MAX_DEPTH, loads
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from lmarena_bridge.core.config.jsonc_tree import Container, Leaf
from support.untidy_jsonc import VALUES, Json, gap, written_by_hand

CRUMBS = [*'{}[],:"\\/*-0123456789.eE+tfn\n\r\t\ufeff\x00é', "true", "null", "//", "/*", "*/", '"a":']


def refused(text: str) -> str:
    with pytest.raises(JsoncError) as caught:
        loads(text)
    return str(caught.value)


@given(VALUES, st.randoms(use_true_random=False))
def test_a_value_is_read_however_it_is_written_down(value: Json, chance: random.Random) -> None:
    mark = chance.choice(["", "\ufeff"])
    text = f"{mark}{gap(chance)}{written_by_hand(value, chance)}{gap(chance)}"
    assert json.dumps(loads(text).value) == json.dumps(value)


@given(VALUES)
def test_all_json_is_jsonc(value: Json) -> None:
    assert json.dumps(loads(json.dumps(value, indent=2)).value) == json.dumps(value)


@given(st.lists(st.sampled_from(CRUMBS), max_size=40).map("".join))
def test_no_text_is_misread_or_ends_in_anything_but_a_jsonc_error(text: str) -> None:
    try:
        value = loads(text).value
    except JsoncError as error:
        assert 1 <= error.line <= text.count("\n") + text.count("\r") + 1
        assert error.column >= 1
    else:
        assert json.loads(json.dumps(value)) == value


def test_comments_and_trailing_commas_are_allowed_everywhere() -> None:
    text = """\ufeff// before
    { /* a */ "list" /* b */ : /* c */ [ 1 /* d */ , 2, // e
      ], "object": { "nested": {}, "empty": [ /* f */ ], }, }
    /* after */"""
    assert loads(text).value == {"list": [1, 2], "object": {"nested": {}, "empty": []}}


def test_what_looks_like_a_comment_in_a_text_is_text() -> None:
    assert loads(r'{"url": "http:\/\/127.0.0.1/*x*/"}').value == {"url": "http://127.0.0.1/*x*/"}


def test_of_duplicate_names_the_last_counts() -> None:
    assert loads('{"a": 1, "a": 2}').value == {"a": 2}


@pytest.mark.parametrize("text", ['"a"', "1", "null", " true // yes\n"])
def test_a_single_value_is_a_document(text: str) -> None:
    root = loads(text).root
    assert isinstance(root, Leaf)
    assert text[root.start : root.end] == json.dumps(root.value)


def test_the_spans_hold_exactly_what_was_read() -> None:
    text = '{ "a": [1, "two",], "b": {} }'
    root = loads(text).root
    assert isinstance(root, Container)
    assert (root.start, root.end, root.trailing_comma) == (0, len(text), None)
    first, second = root.members
    assert (first.name, text[first.start : first.start + 3]) == ("a", '"a"')
    assert isinstance(first.node, Container)
    assert text[first.node.start : first.node.end] == '[1, "two",]'
    assert first.node.trailing_comma == text.index(",]")
    assert [(item.name, item.start) for item in first.node.members] == [(0, 8), (1, 11)]
    assert text[second.node.start : second.node.end] == "{}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the file is empty; it must hold at least {}"),
        ("// all\n", "line 2, column 1: the file is empty; it must hold at least {}"),
        ('{"a": 1\n "b": 2}', "line 2, column 2: a comma is missing before this"),
        ('{"a": [1 2]}', "line 1, column 10: a comma is missing before this"),
        ('{"a": 1,\n', "line 2, column 1: the file ends here, but the { of line 1 is not closed"),
        ('{\n"a": [1', "line 2, column 8: the file ends here, but the [ of line 2 is not closed"),
        ('{"a": [1}', "line 1, column 9: this } does not fit: the [ of line 1 is still open"),
        ('{"a": 1,]', "line 1, column 9: this ] does not fit: the { of line 1 is still open"),
        ('{"a" 1}', 'line 1, column 6: a colon is missing behind the name "a"'),
        ('{"a"', 'line 1, column 5: a colon is missing behind the name "a"'),
        ('{"a":', "line 1, column 6: the file ends here, but a value is missing"),
        ('{"a":,}', "line 1, column 6: a value is missing before this ,"),
        ("[,]", "line 1, column 2: a value is missing before this ,"),
        ("[1,,]", "line 1, column 4: a value is missing before this ,"),
        ("{,}", "line 1, column 2: a name in double quotes is expected here"),
        ("{a: 1}", "line 1, column 2: a name in double quotes is expected here"),
        ("{'a': 1}", "line 1, column 2: a name in double quotes is expected here"),
        ("{} {}", "line 1, column 4: the value has ended before this; nothing may follow but comments"),
        ("[NaN]", 'line 1, column 2: NaN is not a value; a text must stand in double quotes: "'),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, message: str) -> None:
    assert refused(text) == message


def test_nesting_is_bounded_and_costs_no_recursion() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert loads(deepest).position((0, 0)) == (1, 3)
    assert refused("[" * 100_000) == (
        f"line 1, column {MAX_DEPTH + 1}: this is nested more than {MAX_DEPTH} deep"
    )


def test_a_file_that_is_far_too_large_is_not_read() -> None:
    assert refused(" " * (MAX_CHARACTERS + 1)) == "line 1, column 1: the file is larger than 4 MiB"
