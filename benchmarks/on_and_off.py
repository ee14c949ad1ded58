"""What a setting costs in the whole kit: `python -m benchmarks.on_and_off record_requests --rounds 12`.

One and the same server is asked with the setting and without: two servers of the same program differ by more
than most settings cost. In each round it is asked four times, on, off, off, on, in the next the other way
round; ratios are taken within a round. CPU time is counted until nothing is done any more: what a request
leaves behind for another thread belongs to it. `--control` leaves the setting on all the time: so far from 1
a ratio lies by chance.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any, Final, Self

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
# The history writes once a second; a little more is enough for that.
SETTLING_SECONDS: Final = 1.3


def main() -> None:
    asked = arguments()
    more_sockets()
    for name in asked.scenarios.split(","):
        chosen = lasting(SCENARIOS[name], asked.seconds)
        pairs = []
        for _ in range(asked.servers):
            with tempfile.TemporaryDirectory() as folder, Switched(Path(folder), asked.setting) as server:
                server.play(chosen, on=True)  # the first of everything
                for number in range(asked.rounds):
                    pairs.append(one_round(server, chosen, control=asked.control, turned=number % 2 == 1))
                    print(f"{name} {' '.join(f'{each:.3f}' for each in ratios(pairs[-1]))}", flush=True)
        names = ("on", "on" if asked.control else "off")
        print(table(f"{name}: {asked.setting}", pairs, names), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_and_off", description=__doc__)
    parser.add_argument("setting", help="one that is true or false")
    parser.add_argument("--scenarios", default="one16,s16,p64")
    parser.add_argument("--servers", type=int, default=3, help="one after the other")
    parser.add_argument("--rounds", type=int, default=8, help="with each server")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each of the four loads of a round")
    parser.add_argument("--control", action="store_true")
    return parser.parse_args()


def lasting(scenario: Scenario, seconds: float) -> Scenario:
    return replace(scenario, load=structs.replace(scenario.load, seconds=seconds))


class Switched:
    """A server whose setting is switched while it runs, as a person would: in its file."""

    def __init__(self, folder: Path, setting: str, settling: float = SETTLING_SECONDS) -> None:
        contestant = own(folder / "own")
        self._config = contestant.folder / "config.jsonc"
        self._settings = json.loads(self._config.read_text(encoding="utf-8"))
        self._setting = setting
        self._settling = settling
        self._stage = Stage(contestant, folder / "log")

    def __enter__(self) -> Self:
        self._stage.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stage.__exit__(*raised)

    def play(self, scenario: Scenario, *, on: bool) -> Mapping[str, float]:
        settings = {**self._settings, self._setting: on}
        self._config.write_text(json.dumps(settings), encoding="utf-8")
        before = processes.cpu_seconds(self._stage.pid)
        figures = self._stage.play(scenario)
        time.sleep(self._settling)
        used = processes.cpu_seconds(self._stage.pid) - before
        if "error" in figures:
            raise RuntimeError(figures["error"])
        told = {name: float(value) for name, value in figures.items()}
        return {**told, "cpu_us_request": used * 1e6 / told["requests"]}


def one_round(server: Switched, scenario: Scenario, *, control: bool, turned: bool) -> Pair:
    """The figures with the setting on, and with it off."""
    played: dict[bool, list[Mapping[str, float]]] = {True: [], False: []}
    for on in (False, True, True, False) if turned else (True, False, False, True):
        played[on].append(server.play(scenario, on=on or control))
    return _middle(played[True]), _middle(played[False])


def _middle(played: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    return {name: fmean(each[name] for each in played) for name in FIGURES}


def ratios(pair: Pair) -> list[float]:
    on, off = pair
    return [on[name] / off[name] for name in FIGURES]


def table(title: str, pairs: Sequence[Pair], names: tuple[str, str]) -> str:
    """In Markdown: medians over the rounds; of the ratios also where the middle half of them lies."""
    lines = [f"| {title} | {names[0]} | {names[1]} | ratio | from | to |", "|---|---:|---:|---:|---:|---:|"]
    for about, name, each in zip(
        FIGURES.values(), FIGURES, zip(*map(ratios, pairs), strict=True), strict=True
    ):
        on, off = (median(pair[side][name] for pair in pairs) for side in (0, 1))
        low, middle, high = quantiles(each, n=4, method="inclusive")
        lines.append(f"| {about} | {on:,.0f} | {off:,.0f} | {middle:.3f} | {low:.3f} | {high:.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
