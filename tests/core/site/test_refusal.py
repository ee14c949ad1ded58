"""Every row of the tables of what the site has been seen to refuse (site-protocol.md 7.1, 7.2, 9)."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.errors import RateLimited, SiteError, TooLarge
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES, REPORT_HEADERS, is_refusal, refusal

HTML = {"content-type": "text/html; charset=UTF-8"}
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain; charset=utf-8"}

NOT_FOUND = "<!DOCTYPE html><html><title>404: This page could not be found.</title></html>"
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>"
BLOCKED = "<html><title>Attention Required! | Cloudflare</title></html>"
GATEWAY = "<html><title>502 Bad Gateway</title></html>"
ID = "0199f3a1-7c4e-7b1a-8d2f-3e4a5b6c7d8e"
ZOD = json.dumps(
    {
        "success": False,
        "error": {
            "issues": [
                {
                    "code": "invalid_type",
                    "expected": "object",
                    "received": "null",
                    "path": ["messages", 0, "metadata"],
                    "message": "Expected object, received null",
                }
            ],
            "name": "ZodError",
        },
    }
)


def error_json(sentence: str) -> str:
    return json.dumps({"error": sentence})


@dataclass(frozen=True, slots=True)
class Row:
    """What the site answers, and what a client is told about it."""

    name: str
    status: int
    body: str
    headers: dict[str, str]
    # As the client sees it.
    told: int
    code: str
    # What the message must say the person can do, word for word.
    advice: str
    retryable: bool = False
    quotes: str = ""


ROWS = [
    Row("moved", 301, "", {}, 502, "site_changed", "Open https://arena.ai in the tab"),
    Row("moved, old words", 302, "", {}, 502, "site_changed", "Open https://arena.ai in the tab"),
    Row("moved for good", 308, "", {}, 502, "site_changed", "Open https://arena.ai in the tab"),
    Row("moved for now", 307, "", {}, 502, "site_changed", "Open https://arena.ai in the tab"),
    Row(
        "voted on",
        400,
        error_json("Message already has feedback, cannot retry"),
        JSON,
        502,
        "session_expired",
        "Run `lmarena-bridge session capture` and click Retry",
    ),
    Row(
        "another schema",
        400,
        ZOD,
        JSON,
        400,
        "site_schema_changed",
        "look for an update",
        quotes="messages.0.metadata: Expected object, received null",
    ),
    Row(
        "a field missing",
        400,
        '{"error":{"issues":[{"path":["userMessage"],"message":"Required"}],"name":"ZodError"}}',
        JSON,
        400,
        "site_schema_changed",
        "look for an update",
        quotes="userMessage: Required",
    ),
    Row(
        "ids used before",
        400,
        error_json("Message ids were used before"),
        JSON,
        400,
        "site_refused",
        "See in the tab",
        quotes="Message ids were used before",
    ),
    Row("bad request", 400, "", {}, 400, "site_refused", "See in the tab whether the model answers"),
    Row(
        "another's session",
        401,
        error_json(f"User {ID} does not have access to evaluation session {ID}"),
        JSON,
        502,
        "session_expired",
        "Run `lmarena-bridge session capture` and click Retry",
    ),
    Row(
        "not logged in",
        401,
        error_json("Unauthorized"),
        JSON,
        502,
        "login_required",
        "See in the tab whether you are logged in",
        quotes="Unauthorized",
    ),
    Row(
        "recaptcha",
        403,
        error_json("recaptcha validation failed"),
        JSON,
        503,
        "human_verification_required",
        "finish the check",
    ),
    Row("challenge", 403, CHALLENGE, HTML, 503, "human_verification_required", "finish the check"),
    Row("challenge 503", 503, CHALLENGE, HTML, 503, "human_verification_required", "finish the check"),
    Row("challenge 200", 200, CHALLENGE, HTML, 503, "human_verification_required", "finish the check"),
    Row(
        "challenge by header",
        403,
        "",
        {"cf-mitigated": "challenge"},
        503,
        "human_verification_required",
        "finish the check",
    ),
    Row("blocked", 403, BLOCKED, HTML, 503, "human_verification_required", "finish the check"),
    Row(
        "forbidden",
        403,
        error_json("Forbidden"),
        JSON,
        403,
        "site_refused",
        "See in the tab",
        quotes="Forbidden",
    ),
    Row(
        "model gone",
        404,
        error_json("Model not found"),
        JSON,
        404,
        "model_gone",
        "Run `lmarena-bridge models update`",
    ),
    Row(
        "message gone",
        404,
        error_json("Message not found"),
        JSON,
        404,
        "site_refused",
        "See in the tab",
        quotes="Message not found",
    ),
    Row("endpoint moved", 404, NOT_FOUND, HTML, 404, "site_changed", "look for an update"),
    Row("a POST became a GET", 405, "", {}, 405, "site_changed", "Open https://arena.ai in the tab"),
    Row(
        "too large",
        413,
        "Request body too large",
        TEXT,
        413,
        "request_too_large",
        "Send a smaller file or a shorter conversation",
    ),
    Row("too large, a page", 413, "<h1>413</h1>", HTML, 413, "request_too_large", "Send a smaller file"),
    Row(
        "content",
        422,
        error_json(f"Request rejected: Content violates our terms of use for evaluation session id: {ID}"),
        JSON,
        422,
        "content_refused",
        "Change the prompt; sending it again does not help",
        quotes="Content violates our terms of use",
    ),
    Row(
        "content by another status",
        400,
        error_json("Prompt violates our terms of use"),
        JSON,
        422,
        "content_refused",
        "Change the prompt; sending it again does not help",
        quotes="Prompt violates our terms of use",
    ),
    Row("422", 422, "", {}, 422, "content_refused", "Change the prompt"),
    Row(
        "rate limit",
        429,
        "Too many requests, please try again later.",
        {**TEXT, "retry-after": "0", "ratelimit": "limit=0, remaining=0, reset=0"},
        429,
        "rate_limited",
        "Try again in 30 seconds",
        retryable=True,
        quotes="Too many requests, please try again later.",
    ),
    Row(
        "a model's limit",
        429,
        json.dumps({"error": "Rate limit exceeded for this model", "modelId": ID}),
        {**JSON, "ratelimit": "limit=1, remaining=0, reset=86400"},
        429,
        "rate_limited",
        "Try again in 24 hours",
        retryable=True,
        quotes="Rate limit exceeded for this model",
    ),
    Row(
        "429 without a limit",
        429,
        error_json("prompt failed"),
        JSON,
        429,
        "site_refused",
        "Change it; sending it again does not help",
        quotes="prompt failed",
    ),
    Row(
        "trouble",
        500,
        error_json("Internal Server Error"),
        JSON,
        500,
        "site_unavailable",
        "Try again in a moment",
        retryable=True,
        quotes="Internal Server Error",
    ),
    Row("gateway", 502, GATEWAY, HTML, 502, "site_unavailable", "Try again in a moment", retryable=True),
    Row("busy", 503, GATEWAY, HTML, 503, "site_unavailable", "Try again in a moment", retryable=True),
    Row("time-out", 504, GATEWAY, HTML, 504, "site_unavailable", "Try again in a moment", retryable=True),
    Row("Cloudflare's own", 522, GATEWAY, HTML, 502, "site_unavailable", "Try again", retryable=True),
    Row("unknown", 418, "", {}, 418, "site_refused", "See in the tab whether the model answers"),
    Row("no HTTP", 0, "", {}, 502, "malformed_stream", "See in the tab whether the site works"),
    # A success that is none (site-protocol.md 6.5).
    Row(
        "error as a success",
        200,
        error_json("No tokens left"),
        JSON,
        502,
        "arena_error",
        "Try again; if it stays, try the model on the site",
        retryable=True,
        quotes="No tokens left",
    ),
    Row("schema as a success", 200, ZOD, JSON, 502, "site_schema_changed", "look for an update"),
    Row(
        "recaptcha as a success",
        200,
        error_json("recaptcha validation failed"),
        JSON,
        503,
        "human_verification_required",
        "finish the check",
    ),
    Row(
        "another's session as a success",
        200,
        error_json(f"User {ID} does not have access to evaluation session {ID}"),
        JSON,
        502,
        "session_expired",
        "Run `lmarena-bridge session capture` and click Retry",
    ),
    Row("a page as a success", 200, NOT_FOUND, HTML, 502, "malformed_stream", "See in the tab"),
    Row(
        "a format of tomorrow",
        200,
        '0:"the model says: recaptcha failed, prompt failed, content violates our terms"',
        TEXT,
        502,
        "malformed_stream",
        "look for an update",
    ),
]


def meaning(row: Row) -> SiteError | TooLarge:
    return refusal(row.status, row.headers, row.body.encode(), now=1_764_584_430)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_refusal_says_what_happened_and_what_to_do(row: Row) -> None:
    error = meaning(row)
    assert error.status == row.told
    assert error.code == row.code
    assert error.retryable is row.retryable
    assert row.advice in error.message
    assert row.quotes in error.message
    assert (error.retry_after is not None) is isinstance(error, RateLimited)


def test_a_page_is_called_a_page() -> None:
    assert "sent a page instead of an answer" in refusal(200, HTML, NOT_FOUND.encode(), now=0).message
    assert "sent something else instead of an answer" in refusal(200, TEXT, b"Hello", now=0).message


def test_a_login_is_asked_for_in_a_way_that_no_client_takes_for_its_own_key() -> None:
    """Clients answer a 401 by asking for another API key."""
    for row in ROWS:
        if row.status == 401:
            assert isinstance(meaning(row), SiteError)
            assert meaning(row).status == 502


def test_no_id_of_a_user_gets_into_a_message() -> None:
    for row in ROWS:
        if "User " in row.body:
            assert ID not in meaning(row).message


def test_the_beginning_of_a_body_is_enough() -> None:
    head = b"<html><title>Just a moment...</title>"
    assert refusal(403, HTML, head + b" " * 10_000_000, now=0).code == "human_verification_required"
    late = b"<html>" + b" " * MAX_REFUSAL_BYTES + b"<title>Just a moment...</title>"
    assert refusal(403, HTML, late, now=0).code == "site_refused"


def test_a_character_that_was_cut_in_half_does_not_hide_the_rest() -> None:
    body = error_json("Model not found").encode() + "ż".encode()[:1]
    assert refusal(404, JSON, body, now=0).code == "model_gone"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_success_may_be_an_answer(status: int) -> None:
    for kind in ("text/event-stream", "text/plain; charset=utf-8", "application/json", ""):
        assert not is_refusal(status, {"content-type": kind})
    assert not is_refusal(status, {})


@pytest.mark.parametrize("status", [0, 100, 199, 300, 301, 307, 400, 401, 403, 404, 422, 429, 500, 503, 599])
def test_everything_else_is_a_refusal(status: int) -> None:
    assert is_refusal(status, {"content-type": "text/event-stream"})


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=UTF-8", "TEXT/HTML", " text/html"])
def test_a_page_is_never_an_answer(kind: str) -> None:
    assert is_refusal(200, {"content-type": kind})


def test_what_cloudflare_holds_up_is_never_an_answer() -> None:
    assert is_refusal(200, {"content-type": "text/event-stream", "cf-mitigated": "challenge"})


def test_the_tab_is_asked_for_every_header_that_is_looked_at() -> None:
    looked_at: set[str] = set()

    class Noting(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            looked_at.add(name)
            return default

        def __contains__(self, name: object) -> bool:
            looked_at.add(str(name))
            return False

    for row in ROWS:
        is_refusal(row.status, Noting())
        refusal(row.status, Noting(), row.body.encode(), now=0)
    assert looked_at <= set(REPORT_HEADERS)
    assert {"content-type", "retry-after", "ratelimit", "ratelimit-reset", "cf-mitigated"} <= looked_at


def test_no_cookie_is_ever_asked_for() -> None:
    assert not [name for name in REPORT_HEADERS if "cookie" in name]
    assert all(name == name.lower() for name in REPORT_HEADERS)


@given(
    st.integers(0, 999),
    st.dictionaries(st.sampled_from(REPORT_HEADERS), st.text()),
    st.binary() | st.sampled_from([row.body.encode() for row in ROWS]),
    st.floats(0, 1e11),
)
def test_whatever_comes_has_a_meaning(status: int, headers: dict[str, str], body: bytes, now: float) -> None:
    error = refusal(status, headers, body, now=now)
    assert isinstance(error, SiteError | TooLarge)
    assert 400 <= error.status <= 504
    assert error.message.endswith(".")
