"""The schema of config.jsonc before a judge: what an editor marks is what the program refuses."""

from typing import Any

import pytest

from lmarena_bridge.core.config.checks import Choice
from lmarena_bridge.core.config.default_files import settings_text
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.schema import settings_schema
from lmarena_bridge.core.config.settings import SETTINGS
from support.earlier_files import SETTINGS as EARLIER
from support.node import ask

JUDGE = """
const Ajv = require("ajv");
const [schema, documents] = question;
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
ajv.addVocabulary(["errorMessage", "allowComments", "allowTrailingCommas"]);
const validate = ajv.compile(schema);
console.log(JSON.stringify(documents.map((document) => validate(document))));
"""
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 5.5, 60, 65_535, 65_536, 10**6, 10**13, 2**41, "", " ", "a", " A ", "B"),
    *("direct_chat", "battle", "retry", "object", "null", "all", "latest", "true", "5102", "http://a"),
    *("HTTPS://b", " https://c", "ftp://d", "http", "a http://b", [], ["a"], ["a", "b"], [1], [["a"]], {}),
    {"a": 1},
]


def judged(documents: list[Any]) -> list[bool]:
    return ask(JUDGE, [settings_schema(), documents])


def accepted(name: str, value: object) -> bool:
    check = SETTINGS[name].check
    try:
        read = check.read(value)
    except ValueError:
        return False
    # Editors offer a choice as it is declared; the program forgives other capitals.
    return read == value if isinstance(check, Choice) else True


def test_an_editor_marks_what_the_program_refuses_and_nothing_else() -> None:
    cases = [(name, value) for name in SETTINGS for value in VALUES]
    good = judged([{name: value} for name, value in cases])
    wrong = [
        (case, "marked" if not fine else "not marked")
        for case, fine in zip(cases, good, strict=True)
        if fine != accepted(*case)
    ]
    assert wrong == []
    assert 100 < sum(good) < len(cases) - 100


@pytest.mark.parametrize("text", [settings_text(), EARLIER], ids=["the first start", "an earlier bridge"])
def test_the_files_of_people_are_not_marked(text: str) -> None:
    assert judged([loads(text).value]) == [True]


def test_a_typing_error_is_marked() -> None:
    assert judged([{"prot": 5103}, [], "x", {"port": 5103, "api_key": ["a", "b"]}]) == [
        False,
        False,
        False,
        True,
    ]
