from collections.abc import Callable

import pytest

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_layout import layout_of
from lmarena_bridge.core.config.jsonc_tree import Container
from lmarena_bridge.core.config.jsonc_weave import Weave


def weaving(text: str, *, flat: bool = False) -> Weave:
    document = loads(text)
    assert isinstance(document.root, Container)
    return Weave(text, document.root, layout_of(document), flat=flat)


def woven(text: str, tell: Callable[[Weave], None], *, flat: bool = False) -> str:
    weave = weaving(text, flat=flat)
    tell(weave)
    return weave.text()


def append(text: str, *, flat: bool = False) -> str:
    """Keep all numbers of the list or object, and add 8 and 9."""
    document = loads(text)
    weave = weaving(text, flat=flat)
    assert isinstance(document.root, Container)
    for index, member in enumerate(document.root.members):
        weave.keep(index, str(member.node.value))
    named = isinstance(document.value, dict)
    weave.add(8, "x" if named else None)
    weave.add(9, "y" if named else None)
    return weave.text()


def without(text: str, *gone: int) -> str:
    """Drop some members of the list or object, keep the others."""
    document = loads(text)
    weave = weaving(text)
    assert isinstance(document.root, Container)
    for index, member in enumerate(document.root.members):
        if index in gone:
            weave.drop(index)
        else:
            weave.keep(index, text[member.node.start : member.node.end])
    return weave.text()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("[1]", "[1, 8, 9]"),
        ("[ 1, ]", "[ 1, 8, 9, ]"),
        ("[1 // one\n]", "[1, 8, 9 // one\n]"),
        ("[\n  1\n]", "[\n  1,\n  8,\n  9\n]"),
        ("[\n  1,\n]", "[\n  1,\n  8,\n  9,\n]"),
        ("[\n  1 /* a */ // one\n]", "[\n  1, /* a */ // one\n  8,\n  9\n]"),
        ("[\n  1 // one\n  , // two\n]", "[\n  1 // one\n  , // two\n  8,\n  9,\n]"),
        ("[\n  1\n\n  // end\n]", "[\n  1,\n  8,\n  9\n\n  // end\n]"),
        ("[\n  1 ]", "[\n  1,\n  8,\n  9 ]"),
        ("[\r\n\t1\r\n]", "[\r\n\t1,\r\n\t8,\r\n\t9\r\n]"),
        ('{"a": 1}', '{"a": 1, "x": 8, "y": 9}'),
        ('{\n  "a": 1\n}', '{\n  "a": 1,\n  "x": 8,\n  "y": 9\n}'),
    ],
)
def test_what_is_added_looks_like_what_is_there(text: str, result: str) -> None:
    assert append(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{}", '{\n  "x": 8,\n  "y": 9\n}'),
        ("{ \n\n }", '{\n  "x": 8,\n  "y": 9\n}'),
        ("{\n    // models\n}", '{\n    // models\n    "x": 8,\n    "y": 9\n}'),
        ("{ /* models */ }", '{ /* models */\n  "x": 8,\n  "y": 9\n}'),
    ],
)
def test_an_empty_object_is_filled_line_by_line_behind_its_comments(text: str, result: str) -> None:
    assert append(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{}", '{"x": 8, "y": 9}'),
        ("{ }", '{ "x": 8, "y": 9 }'),
        ("{ /* a */ }", '{ /* a */ "x": 8, "y": 9 }'),
        ("{ // a\n}", '{ // a\n  "x": 8, "y": 9\n}'),
        ("{\n}", '{"x": 8, "y": 9\n}'),
    ],
)
def test_inside_of_one_line_an_empty_object_stays_on_it(text: str, result: str) -> None:
    assert append(text, flat=True) == result


@pytest.mark.parametrize(
    ("text", "gone", "result"),
    [
        ("[1, 2, 3]", (0,), "[2, 3]"),
        ("[1, 2, 3]", (1,), "[1, 3]"),
        ("[1, 2, 3]", (2,), "[1, 2]"),
        ("[ 1, 2 ]", (0, 1), "[ ]"),
        ("[1, 2,]", (1,), "[1,]"),
        ("[1,]", (0,), "[]"),
        ("[\n  1,\n  2\n]", (0,), "[\n  2\n]"),
        ("[\n  1,\n  2\n]", (1,), "[\n  1\n]"),
        ("[\n  1,\n  2\n]", (0, 1), "[\n]"),
        ("[\n  1, // one\n  2 // two\n]", (0,), "[\n  // one\n  2 // two\n]"),
        ("[\n  1, // one\n  2 // two\n]", (1,), "[\n  1 // one\n  // two\n]"),
        ("[\n  // one\n  1 /* a */, // b\n  2\n]", (0,), "[\n  // one\n   /* a */ // b\n  2\n]"),
        ("[\n  [ // a\n   1, /* b */ 2],\n  3\n]", (0,), "[\n  // a\n  /* b */\n  3\n]"),
        ("[1, [2 // a\n]]", (1,), "[1 // a\n]"),
        ("[[1 /* a */], 2]", (0,), "[/* a */ 2]"),
        ('{"a": 1, "b": 2}', (0,), '{"b": 2}'),
    ],
)
def test_what_is_dropped_leaves_its_comments_and_no_hole(
    text: str, gone: tuple[int, ...], result: str
) -> None:
    assert without(text, *gone) == result


def test_an_item_is_added_before_others() -> None:
    def tell(weave: Weave) -> None:
        weave.add(8)
        weave.add(9)
        weave.keep(0, "1")

    assert woven("[1]", tell) == "[8, 9, 1]"
    assert woven("[ 1 ]", tell) == "[ 8, 9, 1 ]"
    assert woven("[ /* one */ 1 ]", tell) == "[8, 9, /* one */ 1 ]"
    assert woven("[ // list\n  // one\n  1\n]", tell) == "[ // list\n  8,\n  9,\n  // one\n  1\n]"


def test_an_item_takes_the_place_of_others() -> None:
    def tell(weave: Weave) -> None:
        weave.drop(0)
        weave.add(8)
        weave.drop(1)

    assert woven("[1, 2]", tell) == "[8]"
    assert woven("[ 1, 2, ]", tell) == "[ 8, ]"
    assert woven("[ // one\n  1,\n  2\n]", tell) == "[ // one\n  8\n]"


def test_a_member_gets_another_value_and_keeps_all_around_it() -> None:
    text = '{ "a" /* 1 */ : /* 2 */ 1 /* 3 */ , /* 4 */ }'
    assert woven(text, lambda weave: weave.keep(0, "[]")) == text.replace(" 1 /* 3", " [] /* 3")
