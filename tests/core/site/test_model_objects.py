import json
import time
from typing import Any

import pytest

from lmarena_bridge.core.site.model_objects import model_objects

A = {"id": "a", "publicName": "A", "capabilities": {"outputCapabilities": {"text": True}}}
B = {"name": "b", "publicName": 'B ]}[{ "\\', "id": "b"}


def found(*texts: str) -> dict[str, list[Any]]:
    """The objects found, only the lists that have some."""
    return {
        name: [json.loads(text) for text in objects]
        for name, objects in model_objects(texts).items()
        if objects
    }


def row(value: object) -> str:
    return f"7:{json.dumps(value, ensure_ascii=False)}"


def test_the_objects_of_the_list_are_found_under_its_name() -> None:
    assert found(row(["$", "$L2", None, {"initialModels": [A, B], "initialModelAId": "a"}])) == {
        "initialModels": [A, B]
    }


def test_objects_of_several_texts_are_found_in_their_order() -> None:
    assert found(row({"initialModels": [B]}), row({"initialModels": [A]})) == {"initialModels": [B, A]}


def test_the_older_name_is_known() -> None:
    assert found(row({"initialState": [A]})) == {"initialState": [A]}


@pytest.mark.parametrize(
    "value",
    [A, [A], {"models": [A]}, {"initialModels": {"x": A}}, {"initialModels": [[A]]}, ["initialModels", [A]]],
)
def test_objects_elsewhere_are_found_too(value: object) -> None:
    assert found(row(value)) == {"": [A]}


@pytest.mark.parametrize(
    "value",
    [
        {"id": "a"},
        {"publicName": "A"},
        {"id": "a", "x": {"publicName": "A"}},
        ["id", "publicName"],
        {"x": '{"id":"a","publicName":"A"}'},
        "publicName",
        "nothing",
    ],
)
def test_what_lacks_a_field_is_no_model(value: object) -> None:
    assert found(row(value)) == {}


def test_an_object_inside_a_model_is_a_part_of_it() -> None:
    family = {"id": "f", "publicName": "F", "members": [A, B], "parent": {"initialModels": [A]}}
    assert found(row([A, family]))[""] == [A, family]
    assert found(row({"initialModels": [A, family | {"parent": None}]}))["initialModels"] == [
        A,
        family | {"parent": None},
    ]


def test_brackets_and_quotes_in_strings_do_not_count() -> None:
    tricky = {"id": "t", "publicName": '}]{[ \\" \\\\', "x": ["\\", '"', "}"]}
    assert found(row({"initialModels": [tricky, A]})) == {"initialModels": [tricky, A]}


def test_a_bracket_that_fits_nothing_spoils_only_what_is_open() -> None:
    assert found('[{"publicName":"x"]} }]' + row({"initialModels": [A]})) == {"initialModels": [A]}


def test_a_list_that_breaks_off_gives_what_is_whole() -> None:
    text = row({"initialModels": [A, B]})
    whole_a = text.index("}}}") + 3
    for end in range(len(text)):
        objects = found(text[:end]).get("initialModels", [])
        assert objects == [each for each, at in ((A, whole_a), (B, len(text) - 2)) if at <= end]


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "[",
        "}",
        "{}",
        "[{]}",
        '"',
        '\\"',
        '{"id":1,"publicName":1,"x":',
        '{"initialModels":[{"id":1,"publicName":1,"x":',
        '{"id":1,"publicName":1},',
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    text = '"publicName"' + unit * (200_000 // len(unit))
    started = time.perf_counter()
    found_objects = model_objects([text])
    # Quadratic time would be minutes here.
    assert time.perf_counter() - started < 15
    assert sum(map(len, found_objects["initialModels"])) <= len(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [('{"id":1,"publicName":1,"x":', "}"), ('{"initialModels":[{"id":1,"publicName":1,"x":', "}]}")],
)
def test_of_models_inside_models_only_the_outermost_is_given(before: str, after: str) -> None:
    text = before * 10_000 + "1" + after * 10_000
    objects = model_objects([text])
    assert sum(map(len, objects.values())) == 1
