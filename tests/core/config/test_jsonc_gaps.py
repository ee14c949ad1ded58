import pytest

from lmarena_bridge.core.config.jsonc_gaps import (
    close_up,
    comments,
    first_newline,
    needs_newline,
    newlines,
    split_blanks,
    split_line,
)


def test_comments_are_told_as_they_stand_and_what_looks_like_one_in_a_text_is_none() -> None:
    text = """// one\r\n{"a//b": /* two\n* / */ "\\"/*c*/", /**/ "d": 1 // three \n}"""
    assert comments(text) == ("// one", "/* two\n* / */", "/**/", "// three ")


@pytest.mark.parametrize(
    ("text", "first", "number"),
    [("", None, 0), ("a\r\nb\nc", "\r\n", 2), ("a\rb", "\r", 1), ("\n\r\n", "\n", 2)],
)
def test_every_way_to_end_a_line_is_one_newline(text: str, first: str | None, number: int) -> None:
    assert (first_newline(text), newlines(text)) == (first, number)


@pytest.mark.parametrize(("gap", "needs"), [("", False), (" // a\n", True), ("// a\n/* b */", False)])
def test_only_a_comment_to_the_end_of_its_line_needs_a_new_one(gap: str, needs: bool) -> None:
    assert needs_newline(gap) == needs


@pytest.mark.parametrize(
    ("gap", "body", "blanks"),
    [
        (" \n ", "", " \n "),
        (" // a  \n ", " // a  ", "\n "),
        ("// a\n /* b */\t", "// a\n /* b */", "\t"),
    ],
)
def test_the_white_space_behind_the_last_comment_is_told_apart(gap: str, body: str, blanks: str) -> None:
    assert split_blanks(gap) == (body, blanks)


@pytest.mark.parametrize(
    ("gap", "line", "rest"),
    [
        ("\n  ", "", "\n  "),
        ("  \n  ", "  ", "\n  "),
        (" // a\r\n  // b\r\n", " // a", "\r\n  // b\r\n"),
        (" /* a */ /* b */ // c\n", " /* a */ /* b */ // c", "\n"),
        (" /* a */ ", "", " /* a */ "),
        (" /* a\n b */\n", "", " /* a\n b */\n"),
        ("", "", ""),
    ],
)
def test_a_comment_on_the_line_of_a_value_belongs_to_it(gap: str, line: str, rest: str) -> None:
    assert split_line(gap) == (line, rest)


@pytest.mark.parametrize(
    ("left", "gap", "closed"),
    [
        ("\n  ", "\n  ", "\n  "),
        ("\n\n  ", "\n  ", "\n\n  "),
        ("\n  ", "\n\n  ", "\n\n  "),
        ("", " ", ""),
        (" ", "", " "),
        (" ", "\n  ", "\n  "),
        ("\n  ", " ", "\n  "),
        ("\n  // a\n  ", "\n  ", "\n  // a\n  "),
        ("\n  // a\n  ", " // b\n  ", "\n  // a\n  // b\n  "),
        ("\n  ", " // b\n  ", "\n  // b\n  "),
        (" /* a */ ", " ", " /* a */ "),
        (" ", " /* b */ ", " /* b */ "),
    ],
)
def test_where_a_value_is_gone_the_next_one_takes_its_place(left: str, gap: str, closed: str) -> None:
    assert close_up(left, gap, at_end=False) == closed


@pytest.mark.parametrize(
    ("left", "gap", "closed"),
    [
        ("\n  ", "\n", "\n"),
        ("\n\n  ", "\n", "\n"),
        ("\n  ", "", ""),
        (" ", " ", " "),
        (" /* a */ ", " ", " /* a */ "),
        ("\n  // a\n  ", "", "\n  // a\n  "),
        ("\n  // a\n  ", "\n", "\n  // a\n"),
        ("\n  ", " // b\n", "\n  // b\n"),
        ("", " // b\n", " // b\n"),
    ],
)
def test_before_a_closing_bracket_its_own_white_space_stays(left: str, gap: str, closed: str) -> None:
    assert close_up(left, gap, at_end=True) == closed
