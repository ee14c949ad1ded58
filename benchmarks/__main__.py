"""All figures of the hot path, side by side: `make bench` or `python -m benchmarks --help`."""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.contestants import Contestant, contestants
from benchmarks.loop import more_sockets
from benchmarks.page import renew
from benchmarks.scenarios import QUICK, SCENARIOS
from benchmarks.stage import Figures, Stage
from benchmarks.tables import goals, tables

_ALL = ("own", "before", "peer", "peer-deflate", "bare", "c", "nginx", "litellm")


def main() -> None:
    asked = arguments()
    more_sockets()  # for all processes that are started from here
    with tempfile.TemporaryDirectory() as folder:
        chosen = contestants(asked.contestants.split(","), Path(folder), asked.peer, asked.before)
        rows = play(chosen, asked.scenarios.split(","), asked.rounds, asked.results)
    print(tables(rows))
    print(goals(rows))
    if asked.write:
        renew(rows)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--contestants", default=",".join(_ALL), help="names, with commas; the first is the base"
    )
    parser.add_argument(
        "--scenarios", default=",".join(SCENARIOS), help=f"for a quick look: {','.join(QUICK)}"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", type=Path, help="a checkout of the bridge to compare with")
    parser.add_argument("--before", type=Path, help="another checkout of this program to compare with")
    parser.add_argument("--results", type=Path, help="keep all rows in this file")
    parser.add_argument("--write", action="store_true", help="renew the tables of docs/performance.md")
    return parser.parse_args()


def play(chosen: list[Contestant], scenarios: list[str], rounds: int, results: Path | None) -> list[Figures]:
    """Every round starts each contestant afresh: A B C, A B C, so that a busy minute hits all alike."""
    rows: list[Figures] = []
    for number in range(rounds):
        for contestant in chosen:
            rows += one_round(contestant, scenarios, number)
            if results is not None:
                results.write_text(json.dumps(rows), encoding="utf-8")
    return rows


def one_round(contestant: Contestant, scenarios: Sequence[str], number: int) -> list[Figures]:
    rows: list[Figures] = []
    log = Path(tempfile.gettempdir()) / f"bench-{os.getpid()}-{contestant.name}.log"
    for names in groups([name for name in scenarios if name in contestant.scenarios]):
        try:
            with Stage(contestant, log) as stage:
                for name in names:
                    figures = {**stage.play(SCENARIOS[name]), **place(contestant, name, number)}
                    rows.append(figures)
                    print(progress(figures), flush=True)
        except (RuntimeError, OSError) as error:
            rows.append({"error": f"{error} (see {log})", **place(contestant, names[-1], number)})
            print(progress(rows[-1]), flush=True)
    return rows


def groups(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """What may be played on one server after the other; what needs one of its own."""
    if together := [name for name in names if not SCENARIOS[name].fresh]:
        yield together
    for name in names:
        if SCENARIOS[name].fresh:
            yield [name]


def place(contestant: Contestant, scenario: str, number: int) -> Figures:
    return {"contestant": contestant.name, "scenario": scenario, "round": number}


def progress(row: Figures) -> str:
    told = [f"{row['round']} {row['contestant']:12} {row['scenario']:9}"]
    for name in (
        "cpu_us_fragment",
        "cpu_us_request",
        "fragments_per_s",
        "first_p50_us",
        "way_p50_us",
        "peak_kb",
    ):
        value = row.get(name)
        told.append(f"{value:11.1f}" if isinstance(value, int | float) else " " * 11)
    return " ".join([*told, str(row.get("error", ""))[:200]])


if __name__ == "__main__":
    main()
