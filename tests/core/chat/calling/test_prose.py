import pytest

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.prose import ProseScan, Sight

MARKERS = Markers("a1b2c3d4")
CALL = "<tool_call_a1b2c3d4"
RESULT = "<tool_result_a1b2c3d4"


def look(text: str, before: str = "") -> Sight:
    scan = ProseScan(MARKERS, ForeignCalls(["now"]))
    if before:
        scan.said(before)
    return scan.look(text)


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("Hello", 5),
        ("Hello ", 6),
        ("Hello\n", 5),
        ("Hello \n\n ", 5),
        ("a < b", 5),
        ("a <", 2),
        ("a <b", 4),
        ("a </tool_", 2),
        ("a\n\n<TOOL_res", 1),
        ("a <tool_call_a1b2", 2),
        ("a <tool_call_b", 14),
        ("a\n```", 1),
        ("a\n``", 1),
        ("a\n```json", 1),
        ("a\n```json\n", 1),
        ("a\n```json\nx", 11),
        ("a ```json", 9),
        ("\n\n", 0),
        ("   ", 0),
        ("a\n<tool_ca", 1),
        ("a\n<function", 1),
        ("a\n[TOOL", 1),
    ],
)
def test_prose_is_certain_up_to_what_may_begin_a_call(text: str, certain: int) -> None:
    assert look(text) == Sight(certain, "prose", certain)


@pytest.mark.parametrize(
    ("text", "said", "fenced"),
    [
        (CALL, 0, False),
        (f"Hello {CALL}>", 6, False),
        (f"Hello\n\n{CALL}>", 5, False),
        (f"Hello\n```\n{CALL}>", 5, True),
        (f"Hello\n\n```json\n\n{CALL}>", 5, True),
        (f"```xml\n{CALL}>", 0, True),
        (f"```py\nx\n```\n{CALL}>", 11, False),
        (f"```py\nx\n{CALL}>", 7, False),
        (f"Hello `{CALL}>`", 7, False),
        (CALL.upper(), 0, False),
    ],
)
def test_a_call_takes_the_lines_before_it(text: str, said: int, fenced: bool) -> None:
    start = text.lower().index(CALL) + len(CALL)
    assert look(text) == Sight(said, "call", start, fenced)


def test_a_result_and_an_end_of_nothing_are_seen() -> None:
    assert look(f"Hello\n{RESULT}>") == Sight(5, "result", 6 + len(RESULT))
    assert look("Hello\n</tool_call_a1b2c3d4>") == Sight(6, "stray", 26)
    assert look("Hello\n</tool_result_a1b2c3d4>") == Sight(6, "stray", 28)


def test_a_call_of_another_kind_is_seen_outside_of_fences() -> None:
    assert look("Hello\n<tool_call>x") == Sight(5, "foreign", 5)
    assert look(f"Hello\n<tool_call>x\n{CALL}>") == Sight(5, "foreign", 5)
    assert look("```\n<tool_call>x") == Sight(16, "prose", 16)
    assert look("```\n<function_ca") == Sight(16, "prose", 16)
    assert look("<tool_call>x", before="```\n") == Sight(12, "prose", 12)
    assert look("<tool_call>x", before="```\nx\n```\n") == Sight(0, "foreign", 0)
    assert look("<tool_call>x", before="Hello ") == Sight(12, "prose", 12)


def test_a_fence_counts_only_at_the_beginning_of_a_line() -> None:
    assert look("```\n<tool_call>x", before="Hello ") == Sight(3, "foreign", 3)
    assert look("\n```\n<tool_call>x", before="Hello") == Sight(17, "prose", 17)
