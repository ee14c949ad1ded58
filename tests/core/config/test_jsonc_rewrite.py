import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.config.jsonc import MAX_DEPTH, loads
from lmarena_bridge.core.config.jsonc_gaps import comments
from lmarena_bridge.core.config.jsonc_rewrite import EditRefused, refuse_damage, rewrite, same
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from support.untidy_jsonc import VALUES, Json, gap, written_by_hand

CHANCES = st.randoms(use_true_random=False)


def altered(value: Any, chance: random.Random) -> Any:
    """The value with something gone, something new and something else in it."""
    if chance.random() < 0.1:
        return chance.choice([None, 1, "x", [], {}, [value, 1], {"a": [1]}])
    match value:
        case dict():
            kept = {name: altered(each, chance) for name, each in value.items() if chance.random() < 0.8}
            return {**kept, **chance.choice([{}, {"new": 1}, {"a": {"b": []}, "c": [1, "x"]}])}
        case list():
            items = [altered(each, chance) for each in value if chance.random() < 0.8]
            for new in chance.choice([(), (1.5,), ({"a": 1}, "x")]):
                items.insert(chance.randrange(len(items) + 1), new)
            return items
        case _:
            return chance.choice([value, value, value, "x", -1])


@given(VALUES, VALUES, CHANCES)
def test_the_text_says_the_new_value_and_all_comments_stay(
    value: Json, other: Json, chance: random.Random
) -> None:
    mark = chance.choice(["", "\ufeff"])
    text = f"{mark}{gap(chance)}{written_by_hand(value, chance)}{gap(chance)}"
    new = chance.choice([altered(value, chance), other])
    try:
        result = rewrite(text, new)
    except EditRefused as refusal:
        assert "comments in this value would be lost" in refusal.message.text
        assert comments(text)
    else:
        assert json.dumps(loads(result).value, sort_keys=True) == json.dumps(new, sort_keys=True)
        assert comments(result) == comments(text)


@given(VALUES, CHANCES)
def test_a_text_that_says_it_already_stays_as_it_is(value: Json, chance: random.Random) -> None:
    text = f"{gap(chance)}{written_by_hand(value, chance)}{gap(chance)}"
    assert rewrite(text, value) == text


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES, min_size=1), CHANCES)
def test_everything_outside_of_the_changed_value_stays(value: dict[str, Json], chance: random.Random) -> None:
    inner = {name: written_by_hand(each, chance) for name, each in value.items()}
    name = chance.choice(list(value))
    inner[name] = '"old"'

    def text() -> str:
        members = ", // x\n".join(f'"{key}" : {each}' for key, each in inner.items())
        return f"{{{members}\n}}"

    before = text()
    inner[name] = '"new"'
    assert rewrite(before, {**value, name: "new"}) == text()


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ('{"a": 1, "b": 2} // end', {"b": 3}, '{"b": 3} // end'),
        ('{\n  "a": {}\n}', {"a": {"b": 1}}, '{\n  "a": {\n    "b": 1\n  }\n}'),
        ('{"a": {}}', {"a": {"b": {"c": 1}}}, '{"a": {"b": {"c": 1}}}'),
        ('{"a": 1}', {"a": {"b": 1}}, '{"a": {"b": 1}}'),
        ('{\n  "a": 1\n}', {"a": {"b": 1}}, '{\n  "a": {\n    "b": 1\n  }\n}'),
        ('{\n  "a": "b"\n}', {"a": ["b", "c"]}, '{\n  "a": ["b", "c"]\n}'),
        ('{"a": 1, "a": 2, "b": 3}', {"a": 4, "b": 3}, '{"a": 1, "a": 4, "b": 3}'),
        ('{"a": 1, "a": 2, "b": 3}', {"b": 3}, '{"b": 3}'),
        ('{"a": "http:\\/\\/x", "b": 1}', {"a": "http://x", "b": 2}, '{"a": "http:\\/\\/x", "b": 2}'),
        ("[1, 2, 3, 4]", [2, 4], "[2, 4]"),
        ("[\n  1, // one\n  2  // two\n]", [1, 7, 2], "[\n  1, // one\n  7,\n  2  // two\n]"),
        ("1 // one", [1, 2], "[1, 2] // one"),
        ("[1]", {}, "{}"),
        ("1", 1.0, "1.0"),
        ("true", 1, "1"),
    ],
)
def test_as_little_as_possible_is_changed(text: str, value: Any, result: str) -> None:
    assert rewrite(text, value) == result


def test_one_session_becomes_a_list_without_losing_a_word() -> None:
    text = '{\n  "m": { // mine\n    "id": "a"\n  }\n}'
    once = rewrite(text, {"m": [{"id": "a"}, {"id": "b"}]})
    assert once == '{\n  "m": [{ // mine\n    "id": "a"\n  }, {\n    "id": "b"\n  }]\n}'
    assert rewrite(once, {"m": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}) == (
        '{\n  "m": [{ // mine\n    "id": "a"\n  }, {\n    "id": "b"\n  }, {\n    "id": "c"\n  }]\n}'
    )


def test_comments_in_a_value_of_another_kind_are_rather_kept_than_the_change_made() -> None:
    with pytest.raises(EditRefused, match="line 2, column 6: the comments in this value would be lost"):
        rewrite('{\n"a": [1 // one\n]}', {"a": 1})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("\ud800", "line 1, column 1: the change cannot be written down: this text holds half of a char"),
        (10**500, "line 1, column 1: the change cannot be written down: this number is too long"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(value: Any, message: str) -> None:
    with pytest.raises(EditRefused) as caught:
        rewrite("  1", value)
    assert str(caught.value).startswith(message)


def test_what_is_too_deep_is_not_written() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(EditRefused, match="nested more than"):
        rewrite("{}", value)


@pytest.mark.parametrize(
    "result", ['{"a": 1} // one', '{"b": 1}', '{"b": 1} // two', "// one // one", '{"b": 1, // one']
)
def test_a_result_with_damage_never_gets_out(result: str) -> None:
    refuse_damage('{"a": 1} // one', '{"b": 1} // one', {"b": 1})
    with pytest.raises(EditRefused, match=r"would damage the file|cannot be written down"):
        refuse_damage('{"a": 1} // one', result, {"b": 1})


def test_the_deepest_text_can_be_changed() -> None:
    deep = '{"a":' * (MAX_DEPTH - 1) + "{}" + "}" * (MAX_DEPTH - 1)
    value = loads(deep.replace("{}", '{"b": 1}')).value
    assert loads(rewrite(deep, value)).value == value


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        rewrite("{}", {"a": value})


def test_a_text_that_is_broken_is_not_touched() -> None:
    with pytest.raises(JsoncError, match="a comma is missing"):
        rewrite('{"a": 1 "b": 2}', {})


def test_true_is_not_one_and_names_may_stand_in_any_order() -> None:
    assert not same(True, 1)
    assert not same([1], [1.0])
    assert same({"a": 1, "b": [{}]}, {"b": [{}], "a": 1})
