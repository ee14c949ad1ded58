"""The table of docs/reliability.md against the tests: each row has a test of its number."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_ROW = re.compile(r"^\| (\d+)(?:–(\d+))? \| .+ \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"^(?:async )?def test_(?:t\d+_)*fault_(\d\d)(?:_and_(\d\d))?_", re.MULTILINE)
# What a row says of a part that the program does not have.
_NONE_YET = "there are none yet"


def rows() -> dict[int, str]:
    """The outcome of each fault."""
    table = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    return {
        number: outcome
        for first, last, outcome in _ROW.findall(table)
        for number in range(int(first), int(last or first) + 1)
    }


def numbers_in_tests() -> set[int]:
    """The numbers in the names of tests."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    return {int(number) for text in sources for pair in _TEST.findall(text) for number in pair if number}


def test_every_fault_stands_in_the_table() -> None:
    assert sorted(rows()) == list(range(1, 56))


def test_every_row_has_a_test_of_its_number_and_every_number_a_row() -> None:
    with_outcome = {number for number, outcome in rows().items() if outcome != _NONE_YET}
    assert numbers_in_tests() == with_outcome
    assert set(rows()) - with_outcome == {47, 48, 49, 50, 51}, "the broker and its nodes"
