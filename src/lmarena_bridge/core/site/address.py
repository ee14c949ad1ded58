"""Where the site is and which of its addresses we use: hosts, path prefix, endpoints, in this one place."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

# lmarena.ai since 2025-07, canary.lmarena.ai seen 2025-07, arena.ai since 2026-02 (site-protocol.md 1).
_ORIGIN: Final = re.compile(r"https://(?:[a-z0-9-]+\.)*(?:lmarena|arena)\.ai")
# Where its pages are; a tab reaches no other host.
_PAGE_HOSTS: Final = frozenset({"lmarena.ai", "www.lmarena.ai", "arena.ai", "www.arena.ai"})

# /api/stream until 2025-08-27, this since (site-protocol.md 2.1).
_PREFIX: Final = "/nextjs-api/stream"
_RETRY: Final = "retry-evaluation-session-message"

# What is asked with every request is asked of the same few texts: remembered.
_UUID: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

# The prefix has changed before, so any will do.
_ANY_PREFIX: Final = "(?:/[A-Za-z0-9_.-]+)*"

# A JavaScript regular expression, for the tab: the page's own retry request.
CAPTURE_PATTERN: Final = f"^{_ANY_PREFIX}/{_RETRY}/{_UUID}/messages/{_UUID}(?:[?#]|$)"

_CAPTURED: Final = re.compile(f"{_ANY_PREFIX}/{_RETRY}/({_UUID})/messages/({_UUID})(?:[?#].*)?")


@dataclass(frozen=True, slots=True)
class CapturedIds:
    """The session and the message that the person clicked Retry on."""

    session_id: str
    message_id: str


def is_site_origin(origin: str) -> bool:
    """Whether an `Origin` header names the site: https, its hosts or their subdomains, the usual port."""
    return _ORIGIN.fullmatch(origin) is not None


def path_on_site(url: str) -> str | None:
    """The path by which a tab of the site reaches this address itself; None if it lies elsewhere."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "https" or parts.netloc not in _PAGE_HOSTS:
        return None
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


@lru_cache(maxsize=256)
def retry_path(session_id: str, message_id: str) -> str:
    """Regenerates one assistant message of a session (PUT)."""
    return f"{_PREFIX}/{_RETRY}/{session_id}/messages/{message_id}"


@lru_cache(maxsize=256)
def parse_captured(path: str) -> CapturedIds | None:
    """The ids in the path of a retry request; None if it is none. A tab said it: it may be anything."""
    found = _CAPTURED.fullmatch(path)
    return None if found is None else CapturedIds(found[1].lower(), found[2].lower())


@lru_cache(maxsize=1024)
def is_id(text: str) -> bool:
    """Whether this can be an id of the site: a UUID, of any version (site-protocol.md 2.6)."""
    return re.fullmatch(_UUID, text) is not None
