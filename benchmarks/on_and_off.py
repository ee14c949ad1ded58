"""What a setting costs in the whole kit: `python -m benchmarks.on_and_off record_requests --rounds 12`.

In each round two servers are started, one with the setting and one without, and asked in turn: on, off, off,
on, and the other way round in the next. Ratios are taken within a round. CPU time is counted until nothing is
done any more: what a request leaves behind for another thread belongs to it. `--control` has the setting on
in both: so far from 1 a ratio lies by chance.
"""

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import fmean, median
from typing import Final

from benchmarks import processes
from benchmarks.contestants import own
from benchmarks.loop import more_sockets
from benchmarks.scenarios import SCENARIOS, Scenario
from benchmarks.stage import Stage
from msgspec import structs

Pair = tuple[Mapping[str, float], Mapping[str, float]]

FIGURES: Final = {
    "cpu_us_request": "CPU, µs a request",
    "requests_per_s": "requests/s",
    "first_p50_us": "first token p50, µs",
    "first_p99_us": "first token p99, µs",
}
# The history writes once a second; one more is enough for that.
SETTLING_SECONDS: Final = 2.0


def main() -> None:
    asked = arguments()
    more_sockets()
    for name in asked.scenarios.split(","):
        chosen = lasting(SCENARIOS[name], asked.seconds)
        second = asked.control  # with a control the setting is on in both
        pairs = []
        for number in range(asked.rounds):
            pairs.append(one_round(chosen, asked.setting, second=second, turned=number % 2 == 1))
            print(f"{name} {number} {' '.join(f'{each:.3f}' for each in ratios(pairs[-1]))}", flush=True)
        print(table(f"{name}: {asked.setting}", pairs, ("on", "on" if second else "off")), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_and_off", description=__doc__)
    parser.add_argument("setting", help="one that is true or false")
    parser.add_argument("--scenarios", default="one16,s16,p64")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each of the four loads of a round")
    parser.add_argument("--control", action="store_true")
    return parser.parse_args()


def lasting(scenario: Scenario, seconds: float) -> Scenario:
    return replace(scenario, load=structs.replace(scenario.load, seconds=seconds))


def one_round(
    scenario: Scenario, setting: str, *, second: bool, turned: bool, settling: float = SETTLING_SECONDS
) -> Pair:
    """The figures of the first server, which has the setting on, and of the other one."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        stages = [
            stack.enter_context(Stage(own(folder / str(number), **{setting: value}), folder / f"log{number}"))
            for number, value in enumerate((True, second))
        ]
        played: tuple[list[Mapping[str, float]], ...] = ([], [])
        for number in (1, 0, 0, 1) if turned else (0, 1, 1, 0):
            played[number].append(_played(stages[number], scenario, settling))
    on, off = (_middle(each) for each in played)
    return on, off


def _played(stage: Stage, scenario: Scenario, settling: float) -> Mapping[str, float]:
    before = processes.cpu_seconds(stage.pid)
    figures = stage.play(scenario)
    time.sleep(settling)
    used = processes.cpu_seconds(stage.pid) - before
    if "error" in figures:
        raise RuntimeError(figures["error"])
    told = {name: float(value) for name, value in figures.items()}
    return {**told, "cpu_us_request": used * 1e6 / told["requests"]}


def _middle(played: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    return {name: fmean(each[name] for each in played) for name in FIGURES}


def ratios(pair: Pair) -> list[float]:
    on, off = pair
    return [on[name] / off[name] for name in FIGURES]


def table(title: str, pairs: Sequence[Pair], names: tuple[str, str]) -> str:
    """In Markdown: medians over the rounds; of the ratios also the lowest and the highest."""
    lines = [f"| {title} | {names[0]} | {names[1]} | ratio | from | to |", "|---|---:|---:|---:|---:|---:|"]
    for about, name, each in zip(
        FIGURES.values(), FIGURES, zip(*map(ratios, pairs), strict=True), strict=True
    ):
        on, off = (median(pair[side][name] for pair in pairs) for side in (0, 1))
        lines.append(
            f"| {about} | {on:,.0f} | {off:,.0f} | {median(each):.3f} | {min(each):.3f} | {max(each):.3f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
