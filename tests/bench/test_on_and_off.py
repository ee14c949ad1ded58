"""What a setting costs: both servers are asked, and the ratios are those of one round."""

import sys

import pytest
from benchmarks.on_and_off import FIGURES, Pair, lasting, one_round, ratios, table
from benchmarks.scenarios import SCENARIOS


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and pins processes to CPUs")
def test_both_are_asked() -> None:
    scenario = lasting(SCENARIOS["one1"], 0.1)
    pair = one_round(scenario, "record_requests", second=False, turned=True, settling=0.1)
    assert all(figures[name] > 0 for figures in pair for name in FIGURES)


def test_ratios_are_taken_within_a_round() -> None:
    pairs = [_pair(110, 100), _pair(300, 200), _pair(50, 100)]
    assert ratios(pairs[0])[0] == pytest.approx(1.1)
    head, _, first, *_ = table("one16: a_setting", pairs, ("on", "off")).splitlines()
    assert head == "| one16: a_setting | on | off | ratio | from | to |"
    assert first == "| CPU, µs a request | 110 | 100 | 1.100 | 0.500 | 1.500 |"


def _pair(on: float, off: float) -> Pair:
    return dict.fromkeys(FIGURES, on), dict.fromkeys(FIGURES, off)
