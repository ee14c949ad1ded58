import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.calling.loose_json import NotJson, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_strict_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value), whole=False) == value
    assert read_json(json.dumps(value, ensure_ascii=False, indent=1), whole=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'b'}", {"a": "b"}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2,], }', {"a": [1, 2]}),
        ('{a: 1, b_c-d: 2, $e: 3, żółw: 4, "f": 5}', {"a": 1, "b_c-d": 2, "$e": 3, "żółw": 4, "f": 5}),
        (
            "{'a': True, 'b': False, 'c': None, 'd': undefined, 'e': true, 'f': false, 'g': null}",
            {"a": True, "b": False, "c": None, "d": None, "e": True, "f": False, "g": None},
        ),
        ("{“a”: “b”, ‘c’: ‘d’}", {"a": "b", "c": "d"}),
        ('{"a": """x "quoted"\n\\ty"""}', {"a": 'x "quoted"\n\ty'}),
        ("{'a': '''it's'''}", {"a": "it's"}),
        ("{'a': '', \"b\": \"\"}", {"a": "", "b": ""}),
        ('{"a": "first\nsecond\tthird"}', {"a": "first\nsecond\tthird"}),
        (r'{"a": "\d+\.\w", "b": "it\'s"}', {"a": r"\d+\.\w", "b": "it's"}),
        (r"""{'a': '\n\t\r\b\f\"\/\\\'\`'}""", {"a": "\n\t\r\b\f\"/\\'`"}),
        ("{'a': 'one \\\nline'}", {"a": "one line"}),
        (r"{'a': '\u0142\ud83e\udda6 \u12'}", {"a": "ł🦦 \\u12"}),
        ("{'a': +1, 'b': .5, 'c': 2., 'd': -1.5e3}", {"a": 1, "b": 0.5, "c": 2.0, "d": -1500.0}),
        ('{"a": 1 // one\n, /* and\nmore */ "b": 2}', {"a": 1, "b": 2}),
        ('\ufeff {"a": 1}', {"a": 1}),
        ('{"a": 1}}}', {"a": 1}),
        ('{"a": 1}\n```', {"a": 1}),
        ("[1, 2];", [1, 2]),
        ("{}", {}),
        ("{,}", NotJson),
        ("[]", []),
    ],
)
def test_carelessness_is_read_as_it_is_meant(text: str, value: object) -> None:
    if value is NotJson:
        with pytest.raises(NotJson):
            read_json(text, whole=True)
    else:
        assert read_json(text, whole=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": {"b": 1}', {"a": {"b": 1}}),
        ('{"a": [1, {"b": 2', {"a": [1, {"b": 2}]}),
        ("{'a': 'b'", {"a": "b"}),
        ("{'a': 1,", {"a": 1}),
    ],
)
def test_brackets_may_be_missing_where_the_writer_thought_it_whole(text: str, value: object) -> None:
    assert read_json(text, whole=True) == value
    with pytest.raises(NotJson):
        read_json(text, whole=False)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": "half a te', "a string has no end"),
        ("{'a': 'half", "a string has no end"),
        ('{"a', "a string has no end"),
        ("{'a': 'half\\", "a string has no end"),
        ('{"a": """half""', "a string has no end"),
        ("{'a': 'it's'}", "a comma or a bracket is missing"),
        ('{"a": "say "hi" now"}', "a comma or a bracket is missing"),
        ("{'a' 1}", "a colon is missing after 'a'"),
        ("{'a': nothing}", "'nothing' is no value"),
        ("{'a': ", "a value is missing"),
        ("{'a': }", "a value is missing"),
        ("{1: 2}", "a name in double quotes is missing"),
        ("{'a': 1} and so on", "something follows the value"),
        ("", "a value is missing"),
        ('{"a": NaN}', "'NaN' is no value"),
        ("[" * 100_000, "it is nested too deeply"),
        ("{'a':" * 100, "it is nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, fault: str, whole: bool) -> None:
    with pytest.raises(NotJson, match=f"^{fault} \\(line 1, near ['\"]"):
        read_json(text, whole=whole)


def test_the_line_of_a_fault_is_told() -> None:
    with pytest.raises(NotJson, match="line 3"):
        read_json("{\n'a': 1,\n'b': x}", whole=True)


def test_a_number_beyond_all_bounds_is_infinite_and_the_callers_matter() -> None:
    value = read_json("{'a': 1e999, 'b': " + "9" * 5000 + "}", whole=True)
    assert isinstance(value, dict)
    assert math.isinf(value["a"])
    assert math.isinf(value["b"])


@given(st.text(alphabet="{}[]\"':,\\abn1 \n`/*", max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, whole: bool) -> None:
    try:
        read_json(text, whole=whole)
    except NotJson as fault:
        assert str(fault)
