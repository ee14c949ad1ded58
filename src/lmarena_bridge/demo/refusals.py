"""Answers that are none: what the site says when it will not stream (as recorded 2025-07 to 2026-07)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.intake.zod import Issue, zod_error
from lmarena_bridge.demo.models import USER_ID, DemoModel

_JSON: Final = "application/json"
_HTML: Final = "text/html; charset=UTF-8"
_TEXT: Final = "text/plain; charset=utf-8"

CHALLENGE_PAGE: Final = """<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="robots" content="noindex,nofollow"></head>
<body><div class="main-wrapper" role="main"><h1>lmarena.ai</h1>
<p id="cf-please-wait">Checking your browser (practice: nothing is really checked).</p>
<noscript><span id="challenge-error-text">Enable JavaScript and cookies to continue</span></noscript>
<script>window._cf_chl_opt = {cvId: '3', cZone: 'lmarena.ai', cType: 'managed'};</script>
<p><a href="/">I am a human</a></p></div></body></html>
"""
_BLOCK_PAGE: Final = """<!DOCTYPE html>
<html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head>
<body><h1>Sorry, you have been blocked</h1>
<p>You are unable to access lmarena.ai (practice).</p></body></html>
"""
_NOT_FOUND_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>404: This page could not be found.</title></head>
<body><h1>404</h1><h2>This page could not be found.</h2>
<p><a href="/">To the practice arena</a></p></body></html>
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A whole answer. headers: besides content-type."""

    status: int
    content_type: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()


def complaint(status: int, error: str) -> Refusal:
    """`{"error": "…"}`"""
    return _json(status, {"error": error})


def invalid(issues: list[Issue]) -> Refusal:
    return _json(400, zod_error(issues))


def not_logged_in() -> Refusal:
    return complaint(401, "Unauthorized")


def no_access(user_id: str, session_id: str) -> Refusal:
    return complaint(401, f"User {user_id} does not have access to evaluation session {session_id}")


def has_feedback() -> Refusal:
    return complaint(400, "Message already has feedback, cannot retry")


def not_found_page() -> Refusal:
    return Refusal(404, _HTML, _NOT_FOUND_PAGE)


def too_large() -> Refusal:
    return Refusal(413, _TEXT, "Request body too large")


def challenge(status: int = 403) -> Refusal:
    headers = (("cf-mitigated", "challenge"), ("server", "cloudflare")) if status == 403 else ()
    return Refusal(status, _HTML, CHALLENGE_PAGE, headers)


def asked_refusal(directives: Directives, model: DemoModel) -> Refusal | None:
    """The refusal that a message asked for, if it asked for one."""
    name = next((name for name in directives.given if name in _ASKED), None)
    return _ASKED[name](directives, model) if name else None


def _too_many(directives: Directives, model: DemoModel) -> Refusal:
    """As recorded 2025-12-01: `retry-after: 0` means nothing, `reset` tells the truth."""
    reset = directives.count("429", 0)
    headers = (
        ("retry-after", "0"),
        ("ratelimit", f"limit=0, remaining=0, reset={reset}"),
        ("ratelimit-policy", "0;w=0"),
        ("ratelimit-modality", "image" if model.kind == "image" else "chat"),
    )
    return Refusal(429, _TEXT, "Too many requests, please try again later.", headers)


def _moderated(_directives: Directives, model: DemoModel) -> Refusal:
    reason = "Content violates our terms of use for evaluation session id"
    return complaint(422, f"Request rejected: {reason}: {model.session_id}")


def _model_limit(_directives: Directives, model: DemoModel) -> Refusal:
    return _json(429, {"error": "Rate limit exceeded for this model", "modelId": model.model_id})


def _json(status: int, value: Mapping[str, Any]) -> Refusal:
    return Refusal(status, _JSON, json.dumps(value))


def _gateway(status: int, title: str) -> Refusal:
    return Refusal(
        status, _HTML, f"<html><head><title>{status} {title}</title></head><body>{title}</body></html>"
    )


_ASKED: Final[Mapping[str, Callable[[Directives, DemoModel], Refusal]]] = {
    "400": lambda _directives, _model: has_feedback(),
    "401": lambda _directives, model: no_access(USER_ID, model.session_id),
    "403": lambda _directives, _model: complaint(403, "recaptcha validation failed"),
    "challenge": lambda _directives, _model: challenge(),
    "html": lambda _directives, _model: challenge(200),
    "blocked": lambda _directives, _model: Refusal(403, _HTML, _BLOCK_PAGE),
    "404": lambda _directives, _model: complaint(404, "Model not found"),
    "413": lambda _directives, _model: too_large(),
    "422": _moderated,
    "429": _too_many,
    "429-json": _model_limit,
    "500": lambda _directives, _model: complaint(500, "Internal Server Error"),
    "502": lambda _directives, _model: _gateway(502, "Bad Gateway"),
    "503": lambda _directives, _model: _gateway(503, "Service Temporarily Unavailable"),
    "504": lambda _directives, _model: _gateway(504, "Gateway Time-out"),
}
