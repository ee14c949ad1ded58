"""What the history adds up to: how much was answered when, and how fast."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

# In seconds: how far back, and how long each step is.
SPANS: Final[Mapping[str, tuple[int, int]]] = {
    "hour": (3600, 60),
    "day": (86_400, 1800),
    "week": (604_800, 21_600),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What was asked for between `at` (seconds since 1970) and the next step.

    `first`, `first_slow`: seconds to the first word, of the middle and of all but the slowest twentieth.
    `speed`: tokens a second, of the middle. None where nothing was answered.
    """

    at: float
    answered: int
    failed: int
    tokens: int
    first: float | None
    first_slow: float | None
    speed: float | None


def steps(rows: Iterable[Mapping[str, Any]], *, now: float, span: str) -> list[Step]:
    """The steps of a span up to now, the oldest first."""
    length, each = SPANS[span]
    end = (int(now) // each + 1) * each
    groups: dict[int, list[Mapping[str, Any]]] = {at: [] for at in range(end - length, end, each)}
    for row in rows:
        at = int(row["started"]) // each * each
        if at in groups:
            groups[at].append(row)
    return [_step(at, group) for at, group in groups.items()]


def _step(at: float, rows: Sequence[Mapping[str, Any]]) -> Step:
    good = [row for row in rows if row["status"] < 400]
    firsts = sorted(row["first"] for row in good if row["first"] is not None)
    speeds = sorted(speed for row in good if (speed := _speed(row)) is not None)
    return Step(
        at=at,
        answered=len(good),
        failed=sum(row["status"] >= 400 and row["status"] != 499 for row in rows),
        tokens=sum(row["tokens"] or 0 for row in rows),
        first=_part(firsts, 0.5),
        first_slow=_part(firsts, 0.95),
        speed=_part(speeds, 0.5),
    )


def _speed(row: Mapping[str, Any]) -> float | None:
    """Tokens a second, from the first word on; None where that was too short to say."""
    if not row["tokens"] or row["first"] is None or row["total"] - row["first"] < 0.01:
        return None
    return float(row["tokens"] / (row["total"] - row["first"]))


def _part(values: Sequence[float], part: float) -> float | None:
    """The value below which that part of all lies; `values` are in order."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else None
