"""What a setting costs: a server is asked with it and without, and the ratios are those of one round."""

import json
import sys
from pathlib import Path

import pytest
from benchmarks.on_and_off import FIGURES, Pair, Switched, lasting, one_round, ratios, table
from benchmarks.scenarios import SCENARIOS


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and pins processes to CPUs")
def test_both_are_asked(tmp_path: Path) -> None:
    scenario = lasting(SCENARIOS["one1"], 0.1)
    with Switched(tmp_path, "record_requests", settling=0.01) as server:
        pair = one_round(server, scenario, control=False, turned=True)
        switched = json.loads((tmp_path / "own" / "config.jsonc").read_text())
    assert switched["record_requests"] is False
    assert all(figures[name] > 0 for figures in pair for name in FIGURES)


def test_ratios_are_taken_within_a_round() -> None:
    pairs = [_pair(110, 100), _pair(300, 200), _pair(50, 100)]
    assert ratios(pairs[0])[0] == pytest.approx(1.1)
    head, _, first, *_ = table("one16: a_setting", pairs, ("on", "off")).splitlines()
    assert head == "| one16: a_setting | on | off | ratio | from | to |"
    assert first == "| CPU, µs a request | 110 | 100 | 1.100 | 0.800 | 1.300 |"


def _pair(on: float, off: float) -> Pair:
    return dict.fromkeys(FIGURES, on), dict.fromkeys(FIGURES, off)
