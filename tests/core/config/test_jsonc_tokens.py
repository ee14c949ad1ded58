import pytest

from lmarena_bridge.core.config.jsonc_tokens import (
    JsoncError,
    Scalar,
    position,
    read_scalar,
    read_string,
    refuse_value,
    skip_gap,
)


def refused(text: str, at: int = 0) -> tuple[int, int, str]:
    with pytest.raises(JsoncError) as caught:
        read_scalar(text, at)
    return caught.value.line, caught.value.column, caught.value.message.text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(newline: str) -> None:
    text = f"ab{newline}{newline}cd"
    assert position(text, 0) == (1, 1)
    assert position(text, 1) == (1, 2)
    assert position(text, len(text) - 1) == (3, 2)


def test_a_byte_order_mark_is_no_column() -> None:
    assert position("\ufeff{}", 0) == (1, 1)
    assert position("\ufeff{}", 1) == (1, 1)
    assert position("\ufeff{}", 2) == (1, 2)
    assert position("\ufeff\n{}", 2) == (2, 1)


@pytest.mark.parametrize(
    "gap",
    [
        "",
        " \t\r\n",
        "// to the end of the line\n",
        "// to the end of an old Mac's line\r",
        "/**/",
        "/* one *//* two */ // three\r\n",
        '/* ** / * // \n " */',
    ],
)
def test_white_space_and_comments_are_skipped(gap: str) -> None:
    assert skip_gap(f"{gap}x", 0) == len(gap)
    assert skip_gap(gap, 0) == len(gap)


def test_a_comment_that_is_never_closed_is_refused_where_it_begins() -> None:
    with pytest.raises(JsoncError, match=r"line 2, column 3: this comment is never closed with \*/"):
        skip_gap("\n  /* ends never *", 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"plain"', "plain"),
        ('""', ""),
        (r'"\" \\ \/ \b \f \n \r \t \u00e9"', '" \\ / \b \f \n \r \t é'),
        (r'"\ud83c\udfaf"', "🎯"),
        ('"/* no comment */ // either"', "/* no comment */ // either"),
        ('"a line separator \u2028 is no line end"', "a line separator \u2028 is no line end"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-0", 0),
        ("5102", 5102),
        ("-1", -1),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("0.5", 0.5),
        ("-1.5e3", -1500.0),
        ("1E2", 100.0),
    ],
)
def test_scalars_are_those_of_json(text: str, value: Scalar) -> None:
    for behind in ("", ",", "}", " ", "//"):
        read, end = read_scalar(text + behind, 0)
        assert (read, type(read), end) == (value, type(value), len(text))


def test_a_string_is_read_from_the_middle_of_a_text() -> None:
    assert read_string('{"name": 1}', 1) == ("name", 7)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (r'"C:\Users"', 4, "a backslash in a text must be doubled: \\\\"),
        (r'"\u12"', 2, "a backslash in a text must be doubled: \\\\"),
        ('"open', 1, "this text is never closed with a double quote"),
        ('"open\n"', 1, "this text is never closed with a double quote"),
        ('"open\r"', 1, "this text is never closed with a double quote"),
        ('"a\tb"', 3, "the invisible character U+0009 cannot stand in a text; write it as an escape"),
        (r'"\ud83c"', 1, "this text holds half of a character (a lone \\ud… escape)"),
        ("True", 1, "write true instead of True"),
        ("None", 1, "write null instead of None"),
        ("undefined", 1, "write null instead of undefined"),
        ("Off", 1, "write false instead of Off"),
        ("NaN", 1, 'NaN is not a value; a text must stand in double quotes: "'),
        ("gpt-5", 1, 'gpt-5 is not a value; a text must stand in double quotes: "'),
        ("01", 1, "01 is not a number as JSON writes it"),
        ("+1", 1, "+1 is not a number as JSON writes it"),
        (".5", 1, ".5 is not a number as JSON writes it"),
        ("1.", 1, "1. is not a number as JSON writes it"),
        ("0x10", 1, "0x10 is not a number as JSON writes it"),
        ("-Infinity", 1, "-Infinity is not a number as JSON writes it"),
        ("1" + "x" * 40, 1, f"1{'x' * 29}… is not a number as JSON writes it"),
        ("1" * 401, 1, "this number is too long"),
        ("1e999", 1, "this number is too large"),
        ("-1e999", 1, "this number is too large"),
        ("“text”", 1, '“ cannot start a value; a text stands in straight quotes: "'),
        ("'text'", 1, "' cannot start a value; a text stands in straight quotes: \""),
        (
            "\u00a01",
            1,
            'the invisible character U+00A0 cannot start a value; a text stands in straight quotes: "',
        ),
        (
            "\u200b1",
            1,
            'the invisible character U+200B cannot start a value; a text stands in straight quotes: "',
        ),
        ("/x", 1, "a comment starts with // or with /*"),
        (",", 1, "a value is missing before this ,"),
        ("}", 1, "a value is missing before this }"),
        ("", 1, "the file ends here, but a value is missing"),
    ],
)
def test_what_is_no_scalar_is_refused_in_words_for_a_person(text: str, column: int, message: str) -> None:
    assert refused(text) == (1, column, message)


def test_a_missing_value_is_refused_where_it_should_be() -> None:
    with pytest.raises(JsoncError) as caught:
        refuse_value("[1,\n,2]", 4)
    assert str(caught.value) == "line 2, column 1: a value is missing before this ,"
