from typing import Any

import pytest

from lmarena_bridge.demo.tool_use.filling import fill, meaning_of
from lmarena_bridge.demo.tool_use.offered import Argument

QUESTION = "What is the weather in Oslo for 3 days, in celsius? Anna asks, who is 30."


def needed(name: str, kind: str = "string", *members: Argument) -> Argument:
    return Argument(name, False, kind, members)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (needed("city"), "Oslo"),
        (needed("days", "integer // how many"), 3),
        (needed("degrees", "number"), 3),
        (needed("unit", '"fahrenheit" | "celsius" // which'), "celsius"),
        (needed("unit", '"kelvin" | "rankine"'), "kelvin"),
        (needed("exact", "boolean"), False),
        (needed("ages", "integer[]"), [3, 30]),
        (needed("queries", "string[]"), [QUESTION]),
        (needed("options", "{ [name: string]: string }"), {}),
        (needed("description"), "As you asked"),
        (needed("place", "{}", needed("city")), {"city": "Oslo"}),
        (needed("places", "{}[]", needed("city")), [{"city": "Oslo"}]),
    ],
)
def test_values_come_from_the_question(argument: Argument, value: object) -> None:
    assert fill([argument], {}, QUESTION) == {argument.name: value}


def test_without_a_name_in_it_the_question_itself_is_the_text() -> None:
    assert fill([needed("query")], {}, "what now") == {"query": "what now"}
    assert fill([needed("name"), needed("age", "integer")], {}, "Extract: Anna is 30 years old.") == {
        "name": "Anna",
        "age": 30,
    }
    assert fill([needed("name")], {}, "Anna") == {"name": "Anna"}
    assert fill([needed("count", "integer"), needed("share", "number")], {}, "1.5") == {
        "count": 1.5,
        "share": 1,
    }


def test_what_is_known_goes_by_the_meaning_of_the_name() -> None:
    known = {"path": "a.txt", "content": "x", "command": "ls", "old": "a", "new": "b", "say": "Done"}
    names = ["file_path", "contents", "cmd", "oldText", "new_string", "result"]
    assert list(fill([needed(name) for name in names], known, "").values()) == list(known.values())
    assert fill([needed("command", "string[]")], known, "") == {"command": ["bash", "-lc", "ls"]}
    assert fill([needed("commands", "string[]")], known, "") == {"commands": ["ls"]}
    assert meaning_of("city") is None


def test_what_may_be_left_out_is_unless_something_is_known() -> None:
    may: list[Any] = [
        Argument("path", True, "string"),
        Argument("limit", True, "integer"),
        Argument("edits", True, "{}", (needed("old"),)),
    ]
    assert fill(may, {}, QUESTION) == {}
    assert fill(may, {"path": "a.txt", "old": "x"}, QUESTION) == {"path": "a.txt", "edits": {"old": "x"}}
