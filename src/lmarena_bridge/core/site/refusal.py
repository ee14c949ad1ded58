"""What the site means when it answers a request with something that is no answer.

Decided by status, headers and the first bytes of the response, never by searching what a model wrote
(site-protocol.md 7 and 9, gathered 2025-07 to 2026-07).
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.errors import (
    BridgeError,
    HumanCheckRequired,
    MalformedStream,
    SessionExpired,
    SiteRefused,
    TooLarge,
)
from lmarena_bridge.core.site.ratelimit import rate_limited
from lmarena_bridge.core.site.said import quoted, said_by_site

# The response headers a refusal is judged by.
REPORT_HEADERS: Final = (
    "content-type",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "ratelimit-modality",
    "cf-mitigated",
)

# As much of a body as is needed to understand it.
MAX_REFUSAL_BYTES: Final = 64 * 1024

# Cloudflare's interstitial and its block page (site-protocol.md 9, rows 1 and 2).
_CHALLENGE: Final = re.compile(
    r"<title>\s*Just a moment|Attention Required! \| Cloudflare|_cf_chl_opt|cf-browser-verification"
    r"|cf-challenge-running|__cf_chl_jschl_tk__|challenge-error-text|cf-please-wait|cf-spinner-please-wait"
    r"|Enable JavaScript and cookies to continue|Verifying you are human|Checking your browser"
)

_HUMAN_CHECK: Final = (
    "LMArena wants to see a person. Open the LMArena tab, finish the check it shows, send one message there "
    "by hand, then click “Done, continue” in the bridge's badge and try again."
)
_CAPTURE_AGAIN: Final = (
    "Run `lmarena-bridge session capture` and click Retry on an answer in the tab, then try again."
)


def is_refusal(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the head of a response (names in lower case) already says that no answer follows."""
    return not 200 <= status <= 299 or _is_html(headers) or "cf-mitigated" in headers


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> BridgeError:
    """What a response that is no answer means. `body`: its first bytes; `now`: seconds since the epoch."""
    text = body[:MAX_REFUSAL_BYTES].decode("utf-8", "replace")
    if _is_human_check(headers, text):
        return HumanCheckRequired(_HUMAN_CHECK)
    said = said_by_site(text)
    if status == 429:
        return rate_limited(headers, said, now)
    return _by_words(status, said) or _by_status(
        status, said, html=_is_html(headers) or _looks_like_html(text)
    )


def _is_html(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").lower().startswith("text/html")


def _looks_like_html(text: str) -> bool:
    return text.lstrip()[:1] == "<"


def _is_human_check(headers: Mapping[str, str], text: str) -> bool:
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if _is_html(headers) or _looks_like_html(text):
        return _CHALLENGE.search(text) is not None
    return "recaptcha" in said_by_site(text).lower()


def _by_words(status: int, said: str) -> BridgeError | None:
    """The refusals that the site tells apart by its sentence."""
    words = said.lower()
    if "does not have access to evaluation session" in words:
        return SessionExpired(
            "The captured session belongs to another login of LMArena (an anonymous one ends after a while). "
            f"{_CAPTURE_AGAIN}"
        )
    if "already has feedback" in words:
        return SessionExpired(
            f"The captured message was voted on, so the site does not retry it any more. {_CAPTURE_AGAIN}"
        )
    if status == 422 or "violates our terms" in words:
        return SiteRefused(
            f"LMArena refused the content of this request{quoted(said)}. Change the prompt; sending it again "
            "does not help.",
            status=422,
            code="content_refused",
        )
    if "model not found" in words:
        return SiteRefused(
            "LMArena does not know this model any more; ids change. Run `lmarena-bridge models update` and "
            "map the model again.",
            status=404,
            code="model_gone",
        )
    return None


def _by_status(status: int, said: str, *, html: bool) -> BridgeError:
    if 200 <= status <= 299:
        return _no_stream(said, html=html)
    if status >= 500:
        return _trouble(status, said)
    if status in _MEANINGS:
        return _MEANINGS[status](said)
    if status == 404 and html:
        return _moved(said)
    return SiteRefused(
        f"LMArena refused with HTTP {status}{quoted(said)}. See whether the model answers on the site.",
        status=status if status >= 400 else 502,
    )


def _schema_changed(said: str) -> BridgeError:
    return SiteRefused(
        f"LMArena did not accept the request{quoted(said)}. Its format has probably changed: look for an "
        "update of LMArena Bridge.",
        code="site_schema_changed",
    )


def _login_wanted(said: str) -> BridgeError:
    return SessionExpired(
        f"LMArena asks for a login{quoted(said)}. Open the tab, see that you are logged in, and try again."
    )


def _moved(_: str) -> BridgeError:
    """A POST that was redirected arrives as a GET, hence 405 (since 2026-02, site-protocol.md 1)."""
    return SiteRefused(
        "The address of LMArena's answers has changed, or the site has moved. Open https://arena.ai in the "
        "tab and look for an update of LMArena Bridge.",
        code="site_changed",
    )


def _too_large(_: str) -> BridgeError:
    return TooLarge(
        "LMArena takes requests of about 5 MB at most, attachments included. Send a smaller file or a "
        "shorter conversation."
    )


_MEANINGS: Final[Mapping[int, Callable[[str], BridgeError]]] = MappingProxyType(
    {400: _schema_changed, 401: _login_wanted, 405: _moved, 413: _too_large}
)


def _trouble(status: int, said: str) -> BridgeError:
    """The site's own status, but 500: that would read as a fault of this program."""
    return SiteRefused(
        f"LMArena has trouble of its own (HTTP {status}){quoted(said)}. Try again in a moment.",
        status=status if status in (502, 503, 504) else 502,
        code="site_unavailable",
        retryable=True,
    )


def _no_stream(said: str, *, html: bool) -> BridgeError:
    """A success whose body is no stream (site-protocol.md 6.5)."""
    if html:
        return MalformedStream(
            "LMArena sent a page instead of an answer. Open the tab and see what it shows; then try again."
        )
    if said:
        return SiteRefused(
            f"LMArena reported an error{quoted(said)}. Try again.", code="arena_error", retryable=True
        )
    return MalformedStream(
        "LMArena's answer has a format this version does not know. Look for an update of LMArena Bridge."
    )
