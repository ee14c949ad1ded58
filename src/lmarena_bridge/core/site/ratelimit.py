"""The site's rate limits: how long to wait, by headers that it writes in two ways (site-protocol.md 7.3)."""

import re
from calendar import timegm
from collections.abc import Mapping
from typing import Final

from lmarena_bridge.core.errors import RateLimited

# `retry-after: 0` stood in a recorded 429 (2025-12-01), with `reset=0`: neither means "now".
_AT_LEAST: Final = 30.0
_AT_MOST: Final = 24 * 3600.0

# `limit=0, remaining=0, reset=39`, since 2025-11.
_RESET: Final = re.compile(r"\breset=([0-9]{1,12})\b")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
# The other form that HTTP allows for Retry-After: Sun, 06 Nov 1994 08:49:37 GMT.
_DATE: Final = re.compile(r"\w{3}, (\d\d) (\w{3}) ([12]\d{3}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Above this a number is a moment in seconds since 1970 (`ratelimit-reset`, 2025-12), below it a span.
_MOMENT: Final = 1_000_000_000


def rate_limited(headers: Mapping[str, str], quoted: str, now: float) -> RateLimited:
    """The error for a 429.

    `headers`: names in lower case. `quoted`: the site's own words. `now`: seconds since the epoch.
    """
    wait = seconds_to_wait(headers, now)
    modality = headers.get("ratelimit-modality", "")
    kind = f"{modality} " if re.fullmatch("[a-z]{1,20}", modality) else ""
    return RateLimited(
        f"LMArena's rate limit for {kind}requests is reached{quoted}. Try again in {_readable(wait)}; "
        "who is logged in on the site usually has higher limits.",
        retry_after=wait,
    )


def seconds_to_wait(headers: Mapping[str, str], now: float) -> float:
    """What the site asks for, within reason; where it asks for nothing, long enough not to anger it."""
    asked = (
        _wait(headers.get("retry-after", ""), now)
        or _wait(_reset_of_modality(headers), now)
        or _wait(_reset_of_hour(headers), now)
    )
    return min(max(asked, _AT_LEAST), _AT_MOST)


def _reset_of_modality(headers: Mapping[str, str]) -> str:
    found = _RESET.search(headers.get("ratelimit", ""))
    return found[1] if found else ""


def _reset_of_hour(headers: Mapping[str, str]) -> str:
    """All answers carry this second set: while some of it remains, it is not the limit that was reached."""
    return headers.get("ratelimit-reset", "") if headers.get("ratelimit-remaining", "0") == "0" else ""


def _wait(value: str, now: float) -> float:
    """The seconds from now that a header's value means; 0 if it means nothing, or the past."""
    value = value.strip()
    if _NUMBER.fullmatch(value):
        number = float(value)
        return max(number - now, 0.0) if number >= _MOMENT else number
    date = _DATE.fullmatch(value)
    if date and date[2] in _MONTHS:
        day, year, *clock = (int(date[index]) for index in (1, 3, 4, 5, 6))
        return max(timegm((year, _MONTHS.index(date[2]) + 1, day, *clock)) - now, 0.0)
    return 0.0


def _readable(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
