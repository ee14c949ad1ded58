import pytest

from lmarena_bridge.core.site.human_check import MITIGATED, human_check, wants_person
from lmarena_bridge.core.site.said import said_by_site

HTML = {"content-type": "text/html; charset=UTF-8"}
JSON = {"content-type": "application/json"}


def asks(status: int, text: str, headers: dict[str, str] | None = None) -> bool:
    return wants_person(status, HTML if headers is None else headers, text, said_by_site(text))


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize(
    "marker",
    [
        "<title>Just a moment...</title>",
        "<title>\n  Just a moment...</title>",
        "<p>Enable JavaScript and cookies to continue</p>",
        "<p>Checking your browser before accessing</p>",
        "<p>Verifying you are human. This may take a few seconds.</p>",
        "<p>Verify you are human</p><script>window._cf_chl_opt={cType:'managed'}</script>",
        '<form class="cf-browser-verification">',
        '<div class="cf-challenge-running">',
        '<input name="__cf_chl_jschl_tk__">',
        '<span id="challenge-error-text">',
        '<div id="cf-please-wait">',
        '<div id="cf-spinner-please-wait">',
        '<div id="cf-cloudflare-status">',
        "<title>Attention Required! | Cloudflare</title>",
    ],
)
def test_each_mark_of_cloudflares_pages_is_known(status: int, marker: str) -> None:
    assert asks(status, f"<!DOCTYPE html><html><head></head><body>{marker}</body></html>")


def test_a_page_is_known_without_its_content_type() -> None:
    assert asks(403, "\n<html><title>Just a moment...</title>", {})


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>404: This page could not be found.</title></html>",
        "<html><title>502 Bad Gateway</title></html>",
        # The site's own pages load Turnstile for the sign-up.
        '<html><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script></html>',
        "<html><body>Just a moment...</body></html>",
    ],
)
def test_other_pages_want_nobody(page: str) -> None:
    assert not asks(403, page)


@pytest.mark.parametrize("status", [200, 403, 503])
def test_cloudflare_says_so_in_a_header(status: int) -> None:
    assert asks(status, "", {MITIGATED: "challenge"})
    assert asks(status, "{}", {**JSON, MITIGATED: "challenge"})


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (403, '{"error":"recaptcha validation failed"}'),
        (403, '{"error":"reCAPTCHA required"}'),
        (403, '{"error":{"message":"Recaptcha score too low"}}'),
        (403, "recaptcha validation failed"),
        (400, '{"error":"recaptcha validation failed"}'),
        (200, '{"error":"recaptcha validation failed"}'),
    ],
)
def test_a_refused_token_is_a_check(status: int, text: str) -> None:
    assert asks(status, text, JSON)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (403, '{"error":"forbidden"}'),
        (403, ""),
        (500, '{"error":"Just a moment..."}'),
        # The body lacks a field: an update must mend that, no person in the tab can.
        (400, '{"error":{"issues":[{"path":["recaptchaV3Token"],"message":"Required"}]}}'),
        (400, '{"error":"recaptchaV3Token is required"}'),
        # Success in a format that nobody knows: these may be a model's words.
        (200, '0:"Your recaptcha has failed, it says, but <title>Just a moment...</title>"'),
        (200, '{"text":"recaptcha validation failed"}'),
        (200, "recaptcha validation failed"),
    ],
)
def test_other_words_are_none(status: int, text: str) -> None:
    assert not asks(status, text, JSON)


def test_the_error_says_what_the_person_has_to_do() -> None:
    error = human_check()
    assert (error.status, error.code, error.retryable) == (503, "human_verification_required", False)
    for step in ("Open the LMArena tab", "finish the check", "by hand", "Done, continue", "try again"):
        assert step in error.message
