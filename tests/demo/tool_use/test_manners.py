import ast
import json

import pytest

from demo.tool_use.prompts import NONCE
from lmarena_bridge.demo.tool_use.manners import Manner, manner_of, written
from lmarena_bridge.demo.tool_use.plan import Call

OPEN, CLOSE = f"<tool_call_{NONCE}>", f"</tool_call_{NONCE}>"
CALLS = (Call("now"), Call("get_weather", {"city": "Łódź", "exact": True}))
WEATHER = {"name": "get_weather", "arguments": {"city": "Łódź", "exact": True}}


@pytest.mark.parametrize(
    ("name", "manner"),
    [("demo-tools", "clean"), ("demo-tools-sloppy", "sloppy"), ("demo-tools-thinker", "thinker")],
)
def test_a_model_is_named_after_its_manner(name: str, manner: Manner) -> None:
    assert manner_of(name) == manner


@pytest.mark.parametrize("manner", ["clean", "thinker"])
def test_clean_calls_are_as_they_were_told_to_be(manner: Manner) -> None:
    before, blank, first, second = written(CALLS, manner, NONCE, corrected=False).split("\n")
    assert (before, blank) == ("I will use now and get_weather for that.", "")
    assert first == f'{OPEN}{{"name": "now", "arguments": {{}}}}{CLOSE}'
    assert json.loads(second.removeprefix(OPEN).removesuffix(CLOSE)) == WEATHER


def test_sloppy_ones_are_pythons_in_a_fence_without_the_last_marker() -> None:
    text = written(CALLS, "sloppy", NONCE, corrected=False)
    assert "```json\n" in text
    assert (text.count(OPEN), text.count(CLOSE)) == (2, 1)
    body = text.rpartition(OPEN)[2].partition("```")[0].strip()
    assert ast.literal_eval(body) == WEATHER
    assert body.endswith(",}")


def test_foreign_ones_have_no_nonce_and_confused_ones_another_name() -> None:
    text = written(CALLS, "foreign", NONCE, corrected=False)
    assert text.count("<tool_call>\n") == 2
    assert NONCE not in text
    assert '"name": "use_now"' in written(CALLS, "confused", NONCE, corrected=False)


@pytest.mark.parametrize("manner", ["clean", "sloppy", "foreign", "confused", "thinker"])
def test_who_is_corrected_does_as_told(manner: Manner) -> None:
    first, _ = written(CALLS, manner, NONCE, corrected=True).split("\n")
    assert first == f'{OPEN}{{"name": "now", "arguments": {{}}}}{CLOSE}'
