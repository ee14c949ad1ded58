import json

import pytest

from demo.asking import CHAT, model
from lmarena_bridge.demo.directives import read_directives
from lmarena_bridge.demo.models import USER_ID
from lmarena_bridge.demo.refusals import Refusal, asked_refusal, challenge


def refused(directive: str, name: str = "demo-chat") -> Refusal:
    refusal = asked_refusal(read_directives(f"#arena:{directive}"), model(name))
    assert refusal is not None
    return refusal


@pytest.mark.parametrize(
    ("directive", "status", "error"),
    [
        ("400", 400, "Message already has feedback, cannot retry"),
        ("401", 401, f"User {USER_ID} does not have access to evaluation session {CHAT.session_id}"),
        ("403", 403, "recaptcha validation failed"),
        ("404", 404, "Model not found"),
        (
            "422",
            422,
            "Request rejected: Content violates our terms of use for evaluation session id: "
            + CHAT.session_id,
        ),
        ("429-json", 429, "Rate limit exceeded for this model"),
        ("500", 500, "Internal Server Error"),
    ],
)
def test_refusals_in_json(directive: str, status: int, error: str) -> None:
    refusal = refused(directive)
    assert (refusal.status, refusal.content_type) == (status, "application/json")
    assert json.loads(refusal.body)["error"] == error


@pytest.mark.parametrize(
    ("directive", "status", "marker"),
    [
        ("challenge", 403, "<title>Just a moment...</title>"),
        ("html", 200, "<title>Just a moment...</title>"),
        ("blocked", 403, "Attention Required! | Cloudflare"),
        ("502", 502, "502 Bad Gateway"),
        ("503", 503, "503 Service"),
        ("504", 504, "504 Gateway"),
    ],
)
def test_refusals_in_html(directive: str, status: int, marker: str) -> None:
    refusal = refused(directive)
    assert (refusal.status, refusal.content_type) == (status, "text/html; charset=UTF-8")
    assert marker in refusal.body


def test_only_the_true_challenge_carries_cloudflares_header() -> None:
    assert dict(challenge().headers)["cf-mitigated"] == "challenge"
    assert refused("html").headers == ()


def test_too_many_requests_as_recorded() -> None:
    refusal = refused("429")
    assert (refusal.status, refusal.body) == (429, "Too many requests, please try again later.")
    assert dict(refusal.headers) == {
        "retry-after": "0",
        "ratelimit": "limit=0, remaining=0, reset=0",
        "ratelimit-policy": "0;w=0",
        "ratelimit-modality": "chat",
    }
    assert dict(refused("429=30", "demo-painter").headers)["ratelimit"] == "limit=0, remaining=0, reset=30"
    assert dict(refused("429", "demo-painter").headers)["ratelimit-modality"] == "image"


def test_413_is_plain_text() -> None:
    assert (refused("413").status, refused("413").body) == (413, "Request body too large")


def test_the_first_one_named_wins_and_other_directives_refuse_nothing() -> None:
    assert refused("torn #arena:502 #arena:403").status == 502
    assert asked_refusal(read_directives("Hi #arena:torn"), CHAT) is None
