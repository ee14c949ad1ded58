"""Which files go: those whose time is over, and the oldest when space is needed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored file. `size` in bytes, `since` in seconds of the same clock as `now` below."""

    name: str
    size: int
    since: float


def is_over(since: float, now: float, keep_seconds: float) -> bool:
    """Whether a file's time is over; with 0 it never is."""
    return 0 < keep_seconds <= now - since


def to_remove(
    entries: Iterable[Entry], *, now: float, keep_seconds: float, quota: int = 0, needed: int = 0
) -> list[Entry]:
    """What must go so that `needed` more bytes fit into `quota`: expired files first, then the oldest.

    A quota of 0 is none.
    """
    oldest_first = sorted(entries, key=lambda entry: (entry.since, entry.name))
    going = [entry for entry in oldest_first if is_over(entry.since, now, keep_seconds)]
    if not quota:
        return going
    staying = oldest_first[len(going) :]
    too_much = sum(entry.size for entry in staying) + needed - quota
    for entry in staying:
        if too_much <= 0:
            break
        going.append(entry)
        too_much -= entry.size
    return going
