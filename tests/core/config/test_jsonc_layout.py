import json
from typing import Any

import pytest
from hypothesis import given

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_layout import Layout, begins_line, dump, indent_at, layout_of
from support.untidy_jsonc import VALUES, Json

PLAIN = Layout("\n", "  ")


@pytest.mark.parametrize(
    ("text", "newline", "unit"),
    [
        ("{}", "\n", "  "),
        ('{"a": 1}', "\n", "  "),
        ('{\r\n    "a": 1\r\n}\n', "\r\n", "    "),
        ('{\r\t"a": 1\r}', "\r", "\t"),
        ('{"a": [\n   1]}', "\n", "   "),
        ('{\n"a": {\n "b": 1\n}\n}', "\n", " "),
        ('  {\n     "a": 1\n  }', "\n", "   "),
        ('    {\n  "a": 1\n}', "\n", "    "),
        ("{\n\t// nothing yet\n}", "\n", "\t"),
        ("1 // a number\n", "\n", "  "),
    ],
)
def test_line_ends_and_indentation_are_read_off_the_text(text: str, newline: str, unit: str) -> None:
    assert layout_of(loads(text)) == Layout(newline, unit)


def test_a_byte_order_mark_is_no_indentation() -> None:
    text = '\ufeff  {"a":\n\t1}'
    assert indent_at(text, text.index("{")) == "  "
    assert indent_at(text, text.index("1")) == "\t"


def test_what_begins_its_line_is_known() -> None:
    text = '{\r\n\t "a": 1, "b": 2\r}'
    assert [begins_line(text, text.index(char)) for char in 'ab"}'] == [False, False, True, True]


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("a", ['"a"']),
        ([], ["[]"]),
        ({}, ["{}"]),
        (["a", 1, None, True], ['["a", 1, null, true]']),
        (["x" * 40, "y" * 40], ["[", f'    "{"x" * 40}",', f'    "{"y" * 40}"', "  ]"]),
        ({"a": {"b": 1}, "c": []}, ["{", '    "a": {', '      "b": 1', "    },", '    "c": []', "  }"]),
        ([{"a": 1}, 2], ["[", "    {", '      "a": 1', "    },", "    2", "  ]"]),
    ],
)
def test_a_value_is_laid_out_like_the_rest(value: Any, lines: list[str]) -> None:
    assert PLAIN.render(value, "  ").split("\n") == lines


def test_what_is_flat_stays_on_its_line() -> None:
    assert PLAIN.render({"a": [{"b": 1}]}, "  ", flat=True) == '{"a": [{"b": 1}]}'


def test_other_line_ends_and_tabs_are_used_throughout() -> None:
    assert Layout("\r\n", "\t").render({"a": [[]]}, "") == '{\r\n\t"a": [\r\n\t\t[]\r\n\t]\r\n}'


def test_texts_are_escaped_where_they_must_be_or_where_some_take_them_for_a_line_end() -> None:
    assert dump('ä "\\ \n\x00\u2028\u2029\x85😀') == '"ä \\"\\\\ \\n\\u0000\\u2028\\u2029\\u0085😀"'


@given(VALUES)
def test_every_value_comes_back(value: Json) -> None:
    assert json.dumps(loads(PLAIN.render(value, "")).value) == json.dumps(value)
