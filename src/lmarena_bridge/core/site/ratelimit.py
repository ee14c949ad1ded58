"""The site's rate limits: how long to wait, by headers that it writes in two ways (site-protocol.md 7.3)."""

import re
from collections.abc import Mapping
from typing import Final

from lmarena_bridge.core.errors import RateLimited
from lmarena_bridge.core.site.said import quoted

# `retry-after: 0` stood in a recorded 429 (2025-12-01): it does not mean "now".
_AT_LEAST: Final = 30.0
_AT_MOST: Final = 24 * 3600.0

_RESET: Final = re.compile(r"\breset=(\d+)")
# Above this a number is a moment (seconds since 1970), below it a span in seconds.
_MOMENT: Final = 1_000_000_000


def rate_limited(headers: Mapping[str, str], said: str, now: float) -> RateLimited:
    """The error for a 429. Headers in lower case; `now` in seconds since the epoch."""
    wait = seconds_to_wait(headers, now)
    kind = headers.get("ratelimit-modality", "")
    limit = f"LMArena's limit for {kind[:20]} requests" if kind.isalpha() else "LMArena's rate limit"
    return RateLimited(
        f"{limit} is reached{quoted(said)}. Try again in {_readable(wait)}; a login of your own in the tab "
        "usually has higher limits.",
        retry_after=wait,
    )


def seconds_to_wait(headers: Mapping[str, str], now: float) -> float:
    """The longest of what the headers ask for, within reason."""
    asked = [_AT_LEAST]
    for name in ("retry-after", "ratelimit-reset"):
        value = headers.get(name, "").strip()
        if value.isascii() and value.isdigit():
            asked.append(_span(int(value), now))
    if found := _RESET.search(headers.get("ratelimit", "")):
        asked.append(_span(int(found[1]), now))
    return min(max(asked), _AT_MOST)


def _span(seconds: int, now: float) -> float:
    return seconds - now if seconds >= _MOMENT else float(seconds)


def _readable(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
