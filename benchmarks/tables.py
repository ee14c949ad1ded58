"""Rows of figures as Markdown tables: medians over the rounds, ratios taken within a round."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from benchmarks.stage import Figures

# What a table shows of each scenario: the figure, its heading, what it is divided by.
_COLUMNS: Final = (
    ("cpu_us_fragment", "CPU, µs a fragment", 1.0),
    ("cpu_us_request", "CPU, µs a request", 1.0),
    ("fragments_per_s", "fragments/s", 1.0),
    ("requests_per_s", "requests/s", 1.0),
    ("first_p50_us", "first token p50, ms", 1000.0),
    ("first_p99_us", "p99", 1000.0),
    ("way_p50_us", "tab to client p50, ms", 1000.0),
    ("way_p99_us", "p99", 1000.0),
    ("peak_kb", "peak memory, MB", 1024.0),
)


def tables(rows: Sequence[Figures]) -> str:
    """One table a scenario."""
    return "\n\n".join(_table(rows, name) for name in _in_order(rows, "scenario"))


def _in_order(rows: Iterable[Figures], name: str) -> list[str]:
    return list(dict.fromkeys(str(row[name]) for row in rows))


def _table(rows: Sequence[Figures], scenario: str) -> str:
    here = [row for row in rows if row["scenario"] == scenario and "error" not in row]
    columns = [column for column in _COLUMNS if any(column[0] in row for row in here)]
    if any("idle_kb_stream" in row for row in here):
        columns = [("idle_kb_stream", "kB a stream", 1.0)]
    lines = [f"| {scenario} | " + " | ".join(title for _, title, _ in columns) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for name in _in_order(here, "contestant"):
        cells = [_cell(here, name, figure, unit) for figure, _, unit in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(rows: Sequence[Figures], name: str, figure: str, unit: float) -> str:
    value = middle(rows, name, figure)
    return "" if value is None else _short(value / unit)


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def middle(rows: Iterable[Figures], contestant: str, figure: str, scenario: str = "") -> float | None:
    """The median over the rounds; None if there is none."""
    found = [
        float(row[figure])
        for row in rows
        if row["contestant"] == contestant and figure in row and scenario in ("", row["scenario"])
    ]
    return median(found) if found else None


def ratio(
    rows: Sequence[Figures], figure: str, top: tuple[str, str], bottom: tuple[str, str]
) -> float | None:
    """`figure` of one (contestant, scenario) against another's, within each round; the median of that."""
    by_place = {(row["contestant"], row["scenario"], row["round"]): row for row in rows if "error" not in row}
    found = []
    for (contestant, scenario, number), row in by_place.items():
        other = by_place.get((*bottom, number))
        if (contestant, scenario) == top and other is not None and figure in row and other.get(figure):
            found.append(float(row[figure]) / float(other[figure]))
    return median(found) if found else None


# Figure, ours (scenario), theirs (contestant, scenario), must, aim; a ratio must not be above these.
_GOALS: Final = (
    ("CPU a fragment, s16, against peer", "cpu_us_fragment", "s16", ("peer", "s16"), 1 / 12, 1 / 20),
    ("– s64", "cpu_us_fragment", "s64", ("peer", "s64"), 1 / 12, 1 / 20),
    ("– s256", "cpu_us_fragment", "s256", ("peer", "s256"), 1 / 12, 1 / 20),
    ("– s16, against bare", "cpu_us_fragment", "s16", ("bare", "s16"), 0.35, 0.20),
    ("– s16, against C", "cpu_us_fragment", "s16", ("c", "s16"), 10, 6.5),
    ("– whole answers, n16, against peer", "cpu_us_fragment", "n16", ("peer", "n16"), 1 / 8, 1 / 11),
    ("– n64", "cpu_us_fragment", "n64", ("peer", "n64"), 1 / 8, 1 / 11),
    ("– paced, p64, against peer", "cpu_us_fragment", "p64", ("peer", "p64"), 0.45, 0.30),
    ("– p256", "cpu_us_fragment", "p256", ("peer", "p256"), 0.40, 0.28),
    ("tab to client p50, p64, against C", "way_p50_us", "p64", ("c", "p64"), 1.6, 1.2),
    ("first token p50, one1, against peer", "first_p50_us", "one1", ("peer", "one1"), 0.40, 0.30),
    ("– against bare", "first_p50_us", "one1", ("bare", "one1"), 1.1, 0.95),
    ("CPU a request, one16, against peer", "cpu_us_request", "one16", ("peer", "one16"), 1 / 8, 1 / 12),
    (
        "200 × 2 kB of history against peer (deflate)",
        "cpu_us_request",
        "hist200",
        ("peer-deflate", "hist200"),
        0.12,
        0.05,
    ),
    ("10 MB image against peer (deflate)", "cpu_us_request", "img10", ("peer-deflate", "img10"), 0.15, 0.06),
    ("kB a silent stream against peer", "idle_kb_stream", "idle", ("peer", "idle"), 0.35, 0.25),
    ("memory after start against peer", "rss_kb", "one1", ("peer", "one1"), 0.85, 0.50),
    ("growth, CPU a fragment s256 against s16", "cpu_us_fragment", "s256", ("own", "s16"), 1.25, 1.10),
    ("– 2,000 lines of reasoning against 500", "cpu_us_request", "think2000", ("own", "think500"), 4.8, 4.2),
    ("– 1 MB line in 16 kB pieces against one", "cpu_us_request", "cut", ("own", "line"), 2, 1.3),
    ("hold-up by 10 MB requests, p99, against peer", "way_p99_us", "held", ("peer", "held"), 0.25, 0.08),
    ("CPU a fragment, s16, against LiteLLM", "cpu_us_fragment", "s16", ("litellm", "s16"), 1 / 100, 1 / 200),
    ("first token p50, one1, against LiteLLM", "first_p50_us", "one1", ("litellm", "one1"), 1 / 30, 1 / 50),
)


def goals(rows: Sequence[Figures]) -> str:
    """What issue 6 asks for, and what was measured."""
    lines = ["| figure | must | aim | measured | |", "|---|---:|---:|---:|---|"]
    for title, figure, scenario, other, must, aim in _GOALS:
        lines.append(_goal(title, ratio(rows, figure, ("own", scenario), other), must, aim))
    growth = middle(rows, "own", "growth_kb", "img10")
    body = 10_000_000 / 1024
    lines.append(_goal("peak memory over base, 10 MB request", growth and growth / body, 5.5, 4.3))
    return "\n".join(lines)


def _goal(title: str, measured: float | None, must: float, aim: float) -> str:
    if measured is None:
        return f"| {title} | {_limit(must)} | {_limit(aim)} | | not measured |"
    verdict = "aim" if measured <= aim else "must" if measured <= must else "**missed**"
    return f"| {title} | {_limit(must)} | {_limit(aim)} | {_limit(measured)} | {verdict} |"


def _limit(value: float) -> str:
    return f"1/{1 / value:.3g}" if value < 0.13 else f"{value:.3g}"
