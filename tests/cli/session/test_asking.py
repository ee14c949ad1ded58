import pytest

from lmarena_bridge.cli.session.asking import completion, matching

NAMES = ("gpt-5", "gpt-5-search", "Claude Żółw", "claude")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gpt-5", ["gpt-5"]),
        ("SEARCH", ["gpt-5-search"]),
        ("żółw", ["Claude Żółw"]),
        ("Claude", ["Claude Żółw", "claude"]),
        ("claude", ["claude"]),
        ("gemini", []),
    ],
)
def test_a_name_is_meant_by_itself_or_by_any_part_of_it(typed: str, meant: list[str]) -> None:
    assert matching(typed, NAMES) == meant


def test_completions_are_given_one_by_one_until_there_are_no_more() -> None:
    assert [completion("gpt", number, NAMES) for number in range(3)] == ["gpt-5", "gpt-5-search", None]
    assert completion("CLAUDE", 1, NAMES) == "claude"
    assert completion("x", 0, NAMES) is None
