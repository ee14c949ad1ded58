import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.site.said import Said, said_by_site, said_in_json

ZOD = {
    "success": False,
    "error": {
        "issues": [
            {
                "code": "invalid_type",
                "expected": "object",
                "received": "null",
                "path": ["messages", 0, "metadata"],
                "message": "Expected object, received null",
            }
        ],
        "name": "ZodError",
    },
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "Model not found"}, Said("Model not found", "error")),
        ({"error": {"message": "Overloaded", "type": "x"}}, Said("Overloaded", "error")),
        ({"error": True, "message": "Overloaded"}, Said("Overloaded", "error")),
        ({"error": None, "message": "Overloaded"}, Said("Overloaded", "error")),
        ({"error": "Bad Gateway", "message": "Overloaded"}, Said("Bad Gateway", "error")),
        ({"message": "Overloaded"}, Said("Overloaded", "text")),
        ({"requestId": "1", "error": "Late key"}, Said("Late key", "error")),
        # Shapes nobody recorded are shown as they are rather than not at all.
        ({"error": {"code": 7}}, Said('{"code": 7}', "error")),
        ({"error": 7}, Said("7", "error")),
        ({"error": ""}, Said("", "error")),
        ({"detail": "x"}, Said('{"detail": "x"}', "text")),
        ([1, 2], Said("[1, 2]", "text")),
        ("Overloaded", Said("Overloaded", "text")),
        (None, Said("null", "text")),
    ],
)
def test_the_sentence_is_found_whatever_shape_it_has(body: object, said: Said) -> None:
    assert said_in_json(body) == said
    assert said_by_site(json.dumps(body)) == said
    assert said_by_site("\n " + json.dumps(body, indent=2)) == said


def test_a_schema_error_says_what_is_wrong_where() -> None:
    assert said_in_json(ZOD) == Said("messages.0.metadata: Expected object, received null", "schema")


def issues(*found: object) -> Said:
    return said_in_json({"error": {"issues": found}})


def test_of_many_issues_the_first_are_enough() -> None:
    found = issues(*({"path": [number], "message": "no"} for number in range(9)))
    assert found == Said("0: no; 1: no; 2: no", "schema")


@pytest.mark.parametrize(
    ("issue", "words"),
    [
        ({"path": [], "message": "Required"}, ": Required"),
        ({"path": ["a", ["b"], None, 3], "message": "Required"}, "a.3: Required"),
        ({"message": "Required"}, '{"message": "Required"}'),
        ({"path": ["a"], "message": 7}, '{"path": ["a"], "message": 7}'),
        ("Required", '"Required"'),
    ],
)
def test_an_issue_of_another_kind_is_shown_as_it_is(issue: object, words: str) -> None:
    assert issues(issue) == Said(words, "schema")


def test_no_issues_are_a_schema_error_too() -> None:
    assert issues() == Said("", "schema")


@pytest.mark.parametrize("text", ["<!DOCTYPE html>", "  \n<html>", "<"])
def test_a_page_says_nothing(text: str) -> None:
    assert said_by_site(text) == Said("", "page")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Too many requests, please try again later.", "Too many requests, please try again later."),
        ("  two\r\n\tlines\x1b[31m \u2028 \x00", "two lines [31m"),
        ("zażółć 漢字 😀", "zażółć 漢字 😀"),
        ("half \ud83d of one", "half of one"),
        ("{", "{"),
        ('{"error": "cut', '{"error": "cut'),
    ],
)
def test_plain_text_becomes_one_clean_line(text: str, words: str) -> None:
    assert said_by_site(text) == Said(words, "text")


def test_a_long_story_is_cut_short() -> None:
    assert said_by_site("word " * 60) == Said(("word " * 60).strip(), "text")
    assert said_by_site("x" * 300).words == "x" * 300
    assert said_by_site("x" * 301).words == "x" * 300 + "…"
    assert said_by_site("x" * 1_000_000).words == "x" * 300 + "…"


@pytest.mark.parametrize("depth", [100, 900, 990, 100_000])
def test_nesting_without_end_is_survived(depth: int) -> None:
    text = '{"error":' + "[" * depth + "]" * depth + "}"
    assert said_by_site(text).shape in ("error", "text")


def test_what_json_can_hold_but_not_write_says_nothing() -> None:
    endless: list[Any] = []
    for _ in range(100_000):
        endless = [endless]
    assert said_in_json({"error": endless}) == Said("", "error")


def test_words_are_quoted_and_silence_is_not() -> None:
    assert Said("No.", "error").quoted == ' (it says: "No.")'
    assert Said("", "page").quoted == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "message", "issues", "path", "x"]), inner, max_size=4)
    ),
)


@given(JSON)
def test_any_json_says_one_bearable_line(body: object) -> None:
    for said in (said_in_json(body), said_by_site(json.dumps(body))):
        assert len(said.words) <= 301
        assert said.words.isprintable()


@given(st.text(st.characters()))
def test_any_text_says_one_bearable_line(text: str) -> None:
    words = said_by_site(text).words
    assert len(words) <= 301
    assert words.isprintable()
