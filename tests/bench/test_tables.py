"""Medians, ratios and goals."""

from benchmarks.stage import Figures
from benchmarks.tables import goals, middle, ratio, tables


def rows() -> list[Figures]:
    figures = {("own", 0): 3.0, ("peer", 0): 60.0, ("own", 1): 4.0, ("peer", 1): 100.0, ("own", 2): 90.0}
    return [
        {"contestant": name, "scenario": "s16", "round": number, "cpu_us_fragment": value}
        for (name, number), value in figures.items()
    ]


def test_a_median_is_taken_over_the_rounds() -> None:
    assert middle(rows(), "own", "cpu_us_fragment") == 4.0
    assert middle(rows(), "own", "another") is None


def test_a_ratio_is_taken_within_a_round_and_a_round_without_the_other_does_not_count() -> None:
    assert ratio(rows(), "cpu_us_fragment", ("own", "s16"), ("peer", "s16")) == (3 / 60 + 4 / 100) / 2
    assert ratio(rows(), "cpu_us_fragment", ("own", "s16"), ("nginx", "s16")) is None


def test_a_round_that_failed_is_in_no_table() -> None:
    failed: Figures = {"contestant": "own", "scenario": "s16", "round": 9, "error": "it broke"}
    assert tables([*rows(), failed]) == tables(rows())
    assert "| own | 4 |" in tables(rows())


def test_goals_say_which_limit_holds_and_which_was_not_measured() -> None:
    told = goals(rows())
    assert "| CPU a fragment, s16, against peer | 1/12 | 1/20 | 1/22.2 | aim |" in told
    assert "not measured" in told
