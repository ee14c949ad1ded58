import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_edit import Edit, Put, Remove, applied, edit
from lmarena_bridge.core.config.jsonc_gaps import comments
from lmarena_bridge.core.config.jsonc_rewrite import EditRefused
from lmarena_bridge.core.config.jsonc_tree import Path
from support.untidy_jsonc import VALUES, Json, gap, written_by_hand

SETTINGS = """\
\ufeff// my settings
{
    // from the left side
    "session_id": "old", // never share
    "api_key": ["a", /* the other one */ "b"],
    "url": "http:\\/\\/127.0.0.1\\/upload",
}
"""


def paths(value: Json, path: Path = ()) -> Iterator[Path]:
    yield path
    match value:
        case dict():
            for name, each in value.items():
                yield from paths(each, (*path, name))
        case list():
            for index, each in enumerate(value):
                yield from paths(each, (*path, index))


@given(VALUES, VALUES, st.randoms(use_true_random=False))
def test_to_edit_a_text_is_to_edit_its_value(value: Json, new: Json, chance: random.Random) -> None:
    text = f"{gap(chance)}{written_by_hand(value, chance)}{gap(chance)}"
    path = chance.choice(list(paths(value)))
    names: list[str | int] = ["a", "new", 0, 1]
    name = chance.choice(names)
    changes: list[Edit] = [Put(path, new), Put((*path, name), new), Remove(path), Remove((*path, name))]
    change = chance.choice(changes)
    try:
        wanted = applied(value, change)
        result = edit(text, change)
    except (LookupError, EditRefused) as refusal:
        assert isinstance(refusal, LookupError) or "would be lost" in refusal.message.text
    else:
        assert json.dumps(loads(result).value, sort_keys=True) == json.dumps(wanted, sort_keys=True)
        assert comments(result) == comments(text)


@given(st.dictionaries(st.sampled_from("abc"), VALUES), st.randoms(use_true_random=False))
def test_what_is_removed_one_by_one_leaves_the_comments_alone(
    value: dict[str, Json], chance: random.Random
) -> None:
    text = f"{gap(chance)}{written_by_hand(value, chance)}{gap(chance)}"
    result = edit(text, *(Remove((name,)) for name in value))
    assert loads(result).value == {}
    assert comments(result) == comments(text)


def test_several_edits_are_one() -> None:
    after = """\
\ufeff// my settings
{
    // from the left side
    "session_id": "new", // never share
    "api_key": [ /* the other one */ "b", "c"],
    "url": "http:\\/\\/127.0.0.1\\/upload",
    "models": {
        "a name": {
            "id": 1
        }
    },
}
"""
    edits: list[Edit] = [
        Put(("session_id",), "new"),
        Put(("api_key", 2), "c"),
        Remove(("api_key", 0)),
        Put(("models", "a name"), {"id": 1}),
    ]
    assert edit(SETTINGS, *edits) == after


def test_windows_line_ends_and_tabs_stay() -> None:
    text = '{\r\n\t"a": "1" // one\r\n}\r\n'
    assert edit(text, Put(("b",), {"c": 2})) == (
        '{\r\n\t"a": "1", // one\r\n\t"b": {\r\n\t\t"c": 2\r\n\t}\r\n}\r\n'
    )


def test_nothing_to_do_changes_nothing() -> None:
    assert edit(SETTINGS) == SETTINGS
    assert edit(SETTINGS, Remove(("none",)), Remove(("api_key", 2)), Remove(("session_id", "x"))) == SETTINGS
    assert edit(SETTINGS, Put(("url",), "http://127.0.0.1/upload")) == SETTINGS


@pytest.mark.parametrize(
    ("value", "change", "result"),
    [
        ({}, Put((), 1), 1),
        ({"a": 1}, Put(("b",), 2), {"a": 1, "b": 2}),
        ({}, Put(("a", "b"), 2), {"a": {"b": 2}}),
        ([1, 2], Put((1,), 3), [1, 3]),
        ([1], Put((1,), 2), [1, 2]),
        ([], Put((0, "a"), 2), [{"a": 2}]),
        ({"a": [{"b": 1}]}, Put(("a", 0, "b"), 2), {"a": [{"b": 2}]}),
        ({"a": 1, "b": 2}, Remove(("a",)), {"b": 2}),
        ([1, 2], Remove((0,)), [2]),
        ({"a": [{"b": 1}]}, Remove(("a", 0, "b")), {"a": [{}]}),
        ({"a": 1}, Remove(("a", "b")), {"a": 1}),
        ([1], Remove((1,)), [1]),
    ],
)
def test_an_edit_means_this(value: Any, change: Edit, result: Any) -> None:
    before = json.dumps(value)
    assert applied(value, change) == result
    assert json.dumps(value) == before


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        ("// x\n1", Put(("a",), 1), "line 2, column 1: there is no place for 'a' here"),
        ("[1]", Put((2,), 1), "line 1, column 1: there is no place for 2 here"),
        ("[1]", Put(("a",), 1), "line 1, column 1: there is no place for 'a' here"),
        ('{"a": 1}', Put((0,), 1), "line 1, column 1: there is no place for 0 here"),
        ('{"a": 1}', Put(("a", "b"), 1), "line 1, column 1: there is no place for 'b' here"),
        ("{}", Remove(()), "line 1, column 1: the outermost value cannot be removed"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(text: str, change: Edit, message: str) -> None:
    with pytest.raises(EditRefused) as caught:
        edit(text, change)
    assert str(caught.value) == message
