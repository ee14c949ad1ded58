"""Our JSONC beside that of Microsoft's jsonc-parser, by which VS Code reads and changes its settings.

Editors that people use take the same texts for JSONC as we do, see the same values in them, and see in what
we have changed what we meant.
"""

import json
import random
from typing import Any

import pytest

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_edit import Edit, Put, Remove, edit
from lmarena_bridge.core.config.jsonc_rewrite import EditRefused
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from support.node import ask
from support.untidy_jsonc import written_by_hand

READER = """
const { parse } = require("jsonc-parser");
const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false };
const answers = question.map((text) => {
  const errors = [];
  const value = parse(text, errors, options);
  return errors.length ? [false, null] : [true, value];
});
console.log(JSON.stringify(answers));
"""
EDITOR = """
const { applyEdits, modify } = require("jsonc-parser");
const answers = question.map(([text, path, value]) =>
  applyEdits(text, modify(text, path, value.length ? value[0] : undefined, {})));
console.log(JSON.stringify(answers));
"""

# What its own tests try, in other words: every kind of token and what may be wrong with it.
TEXTS = [
    *('{ "a": true }', '{ "a": false }', '{ "a": null }', '{"a":{},"b":[],"c":[{"d":5}]}', "{ }", "[]"),
    *('{ "a": [] }', '{ "a": [ ] }', "[1, 2, 3,]", '[ { "a": null },]', '{ "a": 1, }', '{ "a": 1, "b": 2,}'),
    *("true", "false", "null", "23", "-1", "23.", "-0", "0", "1.1", "1e10", "1e-10", "1E+2", "1.93e-19"),
    *("-1.93e-12", "00", "01", "0x7", "1e", "1e+", ".5", "-", "-.5", "+1", "1.", "--1", "1-", "1.1.1"),
    *(
        '"a"',
        '"\\""',
        '"\\/"',
        '"\\b\\f\\n\\r\\t"',
        '"\\u00dc"',
        '"\\u88ff"',
        '"\\u"',
        '"\\u00"',
        '"\\u00z0"',
    ),
    *('"\\v"', '"', '"a', '"a\n"', '"a\r\n"', '"\t"', '"\u2028"', '"\\\u2028"', "'a'", "'", '"a" "b"'),
    *("// c\n1", "1 // c", "/* c */ 1", "1 /* c */", "/*\n*/1", "/* c", "/**/1", "/*/1", "/ 1", "/*/**/*/ 1"),
    *('{ /* a */ "b" /* c */ : /* d */ 1 /* e */ , /* f */ }', "[1,//\n2\n]", '{"a":"// b"}', "//", "/**/"),
    *("", " ", "{", "[", "}", "]", "{]", "[}", "{,}", "[,]", "[1,,2]", "[,1]", '{"a"}', '{"a":}', "{:1}"),
    *('{"a" 1}', '{"a":1 "b":2}', "[1 2]", '{"a":1,,}', "{1:2}", "{a:1}", "{null:1}", '{"a":1}}', "[1]]"),
    *("nulls", "True", "NULL", "tru", "undefined", "NaN", "Infinity", "-Infinity", "{}{}", "1 2", "[1]2"),
    *('{"a":1,"a":2}', '{"":1}', '{"a":[{"b":[{"c":[]}]}]}', "[[[[]]]]", "\t\r\n 1 \n"),
    *(
        "\u00a01",
        "\x0b1",
        "\x0c1",
        "\u20031",
        "#",
        "1 # c",
        "<!-- -->",
        "[1;2]",
        '{"a"=1}',
        '{"a":1;}',
        "\\",
        "@",
    ),
]
PIECES = [
    *("{", "}", "[", "]", ",", ":", '"a"', '"b\\n"', "1", "-0", "01", "true", "nul", "//c\n", "/*x*/", "/*"),
    *("*/", "//", " ", "\n", "\r\n", '"', "\\", "\t", "-", ".", "e", "é", "'a'", ""),
]
# What an editor is asked for, at any place of a text.
EDITS: list[tuple[str, list[str | int], list[Any]]] = [
    ("{}", ["foo"], ["bar"]),
    ("{}", ["foo"], [[1, 2]]),
    ("{\n}", ["foo", "bar"], [{"key": "value"}]),
    ('{"x": "y"}', ["x"], ["bar"]),
    ('{\n  "x": "y"\n}', ["x"], ["bar"]),
    ('{\n  "x": "y"\n}', ["x"], [{"key": True}]),
    ('{\n  "x": "y"\n}', ["a", "b"], ["bar"]),
    ('{\n  "x": {\n    "a": 1,\n    "b": true\n  }\n}\n', ["x"], ["bar"]),
    ('{\n  "x": {\n    "a": 1,\n    "b": true\n  }\n}\n', ["x", "b"], ["bar"]),
    ('{\n  "x": {\n    "a": 1,\n    "b": true\n  }\n}\n', ["x", "c"], ["bar"]),
    ('{\n  "x": {\n    "a": 1,\n    "b": true\n  }\n}\n', ["c"], ["bar"]),
    ('{\n  "x": [1, 2, 3],\n  "y": 0\n}', ["x", 0], ["bar"]),
    ('{\n  "x": [1, 2, 3],\n  "y": 0\n}', ["x", 3], ["bar"]),
    ('{\n  "x": []\n}', ["x", 0], [{}]),
    ('{ "a": 1 }', ["a"], []),
    ('{\n  "x": "y",\n  "a": []\n}', ["x"], []),
    ('{\n  "x": "y",\n  "a": []\n}', ["a"], []),
    ('{\n  "x": "y",\n  "a": [],\n}', ["a"], []),
    ('{\n  "x": { "y": 1 },\n  "a": []\n}', ["x", "y"], []),
    ("[1, 2, 3]", [0], []),
    ("[1, 2, 3]", [1], []),
    # Its own removal of a last item reckons with a line end before the bracket (3.3.1).
    ("[\n  1,\n  2,\n  3\n]", [2], []),
    ("[\n  1,\n  2,\n]", [1], [None]),
    ('// comment\n{\n  "foo": "bar"\n}\n', ["foo"], ["baz"]),
    ('// a comment\n{\n  // x\n  "x": 1 // y\n}', ["y"], [2]),
    ('"one"', [], [{"all": "new"}]),
]


def judged(texts: list[str]) -> list[tuple[bool, Any]]:
    """Whether each text is JSONC to Microsoft's parser, and the value it sees."""
    return [(bool(good), value) for good, value in ask(READER, texts)]


def ours(text: str) -> tuple[bool, Any]:
    try:
        return True, loads(text).value
    except JsoncError:
        return False, None


def numbers_alike(value: Any) -> Any:
    """JavaScript has one kind of number: 1.0 and 1 are the same there."""
    return json.loads(json.dumps(value), parse_int=float)


def some_value(chance: random.Random, depth: int = 0) -> Any:
    kind = "leaf" if depth == 3 else chance.choice(["leaf", "list", "object", "object"])
    number = chance.randrange(4)
    match kind:
        case "list":
            return [some_value(chance, depth + 1) for _ in range(number)]
        case "object":
            return {chance.choice("abcd"): some_value(chance, depth + 1) for _ in range(number)}
        case _:
            return chance.choice([1, -2.5, "a", "é\n", True, None, {}, []])


def half_right(chance: random.Random) -> str:
    """Something that is JSONC, or nearly so."""
    text = written_by_hand(some_value(chance), chance)
    for _ in range(chance.choice([0, 0, 1, 2])):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(PIECES) + text[at + chance.randrange(2) :]
    return text


def disagreements(texts: list[str]) -> list[tuple[str, object, object]]:
    found: list[tuple[str, object, object]] = []
    for text, theirs in zip(texts, judged(texts), strict=True):
        mine = ours(text)
        if (mine[0], numbers_alike(mine[1])) != (theirs[0], numbers_alike(theirs[1])):
            found.append((text, mine, theirs))
    return found


def test_the_cases_of_its_own_tests_are_judged_alike() -> None:
    assert disagreements(TEXTS) == []


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_may_write_is_judged_alike(seed: int) -> None:
    chance = random.Random(seed)
    texts = [half_right(chance) for _ in range(2000)]
    assert disagreements(texts) == []
    accepted = sum(good for good, _ in map(ours, texts))
    assert 500 < accepted < 1800


def test_its_editor_and_ours_mean_the_same() -> None:
    theirs = judged(ask(EDITOR, EDITS))
    for (text, path, value), (good, wanted) in zip(EDITS, theirs, strict=True):
        change: Edit = Put(tuple(path), value[0]) if value else Remove(tuple(path))
        assert good
        assert loads(edit(text, change)).value == wanted, (text, path)


def test_it_reads_in_every_changed_text_what_we_meant() -> None:
    chance = random.Random(5)
    changed: list[str] = []
    values: list[Any] = []
    while len(changed) < 1500:
        text = written_by_hand({"a": some_value(chance), "b": some_value(chance)}, chance)
        path = ("a",) if chance.random() < 0.5 else ("c", "d")
        change: Edit = Remove(path) if chance.random() < 0.3 else Put(path, some_value(chance))
        try:
            changed.append(edit(text, change))
        except EditRefused:
            continue
        values.append(loads(changed[-1]).value)
    for text, value, (good, seen) in zip(changed, values, judged(changed), strict=True):
        assert good, text
        assert numbers_alike(seen) == numbers_alike(value), text
