"""What the site means when it answers a request with something that is no answer.

Decided by status, headers and the first bytes of the response, never by searching what a model wrote
(site-protocol.md 7, gathered 2025-07 to 2026-07).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.errors import (
    LoginRequired,
    MalformedStream,
    SessionExpired,
    SiteError,
    SiteRefused,
    TooLarge,
)
from lmarena_bridge.core.site.human_check import MITIGATED, human_check, wants_person
from lmarena_bridge.core.site.ratelimit import rate_limited
from lmarena_bridge.core.site.said import Said, said_by_site

# The response headers a refusal is judged by.
REPORT_HEADERS: Final[tuple[str, ...]] = (
    "content-type",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "ratelimit-modality",
    MITIGATED,
)

# As much of a body as is needed to understand it.
MAX_REFUSAL_BYTES: Final = 64 * 1024

_CAPTURE_AGAIN: Final = (
    "Run `lmarena-bridge session capture` and click Retry on an answer in the tab, then try again."
)


def is_refusal(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the head of a response (names in lower case) already says that no answer follows."""
    if not 200 <= status <= 299 or MITIGATED in headers:
        return True
    kind = headers.get("content-type")
    return kind is not None and kind.strip().lower().startswith("text/html")


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> SiteError | TooLarge:
    """What a response that is no answer means.

    `headers`: names in lower case. `body`: its first bytes, MAX_REFUSAL_BYTES are enough. `now`: seconds
    since the epoch.
    """
    text = body[:MAX_REFUSAL_BYTES].decode("utf-8", "replace")
    said = said_by_site(text)
    if wants_person(status, headers, text, said):
        return human_check()
    if status < 300 and said.shape == "text":
        # Perhaps an answer in a format of tomorrow: the words may be the model's and prove nothing.
        return _no_stream(said)
    return _by_words(status, said) or _by_status(status, headers, said, now)


def _by_words(status: int, said: Said) -> SiteError | None:
    """The refusals that the site tells apart by its sentence."""
    words = said.words.lower()
    if "does not have access" in words:
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
            f"LMArena refused the content of this request{said.quoted}. Change the prompt; sending it again "
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
    if "prompt failed" in words:
        # Comes with status 429, but no waiting helps (seen 2026-07).
        return SiteRefused(
            f"LMArena could not process this prompt{said.quoted}. Change it; sending it again does not help.",
            status=_error_status(status),
        )
    return None


def _by_status(status: int, headers: Mapping[str, str], said: Said, now: float) -> SiteError | TooLarge:
    if status == 429:
        return rate_limited(headers, said.quoted, now)
    if 200 <= status <= 299:
        return _no_stream(said)
    if status >= 500:
        return _trouble(status, said)
    if said.shape == "schema":
        return _schema_changed(status, said)
    if status == 404 and said.shape != "page":
        return _other(status, said)
    return _MEANINGS.get(status, _other)(status, said)


def _no_stream(said: Said) -> SiteError:
    """A success whose body is no stream (site-protocol.md 6.5)."""
    if said.shape == "schema":
        return _schema_changed(200, said)
    if said.shape == "error":
        return SiteRefused(
            f"LMArena reported an error{said.quoted}. Try again; if it stays, try the model on the site.",
            code="arena_error",
            retryable=True,
        )
    what = "a page" if said.shape == "page" else "something else"
    return MalformedStream(
        f"LMArena sent {what} instead of an answer{said.quoted}. See in the tab whether the site works; if "
        "it does, look for an update of LMArena Bridge."
    )


def _trouble(status: int, said: Said) -> SiteError:
    return SiteRefused(
        f"LMArena has trouble of its own (HTTP {status}){said.quoted}. Try again in a moment.",
        status=_error_status(status),
        code="site_unavailable",
        retryable=True,
    )


def _schema_changed(status: int, said: Said) -> SiteError:
    return SiteRefused(
        f"LMArena did not understand the request{said.quoted}. What it accepts has changed: look for an "
        "update of LMArena Bridge, or see the settings request_builder and retry_metadata in config.jsonc.",
        status=_error_status(status),
        code="site_schema_changed",
    )


def _login_wanted(_: int, said: Said) -> SiteError:
    return LoginRequired(
        f"LMArena asks for a login{said.quoted}. See in the tab whether you are logged in, then try again; "
        "if it stays, run `lmarena-bridge session capture`."
    )


def _moved(status: int, _: Said) -> SiteError:
    """After a redirect from host to host a request may arrive as a GET, hence 405 (since 2026-02)."""
    return SiteRefused(
        f"LMArena answers at another address now (HTTP {status}). Open https://arena.ai in the tab and try "
        "again; if it stays, look for an update of LMArena Bridge.",
        status=_error_status(status),
        code="site_changed",
    )


def _too_large(_: int, __: Said) -> TooLarge:
    return TooLarge(
        "LMArena takes requests of about 5 MB at most, attachments included. Send a smaller file or a "
        "shorter conversation."
    )


def _other(status: int, said: Said) -> SiteError:
    return SiteRefused(
        f"LMArena refused with HTTP {status}{said.quoted}. See in the tab whether the model answers there.",
        status=_error_status(status),
    )


_MEANINGS: Final[Mapping[int, Callable[[int, Said], SiteError | TooLarge]]] = MappingProxyType(
    {
        301: _moved,
        302: _moved,
        307: _moved,
        308: _moved,
        401: _login_wanted,
        404: _moved,
        405: _moved,
        413: _too_large,
    }
)


def _error_status(status: int) -> int:
    """The site's own, where clients know it as an error."""
    return status if 400 <= status <= 504 else 502
