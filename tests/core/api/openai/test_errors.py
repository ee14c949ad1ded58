import json

import pytest
from openai.types.shared import ErrorObject

from core.api.openai.official import official
from lmarena_bridge.core.api.openai.errors import error_body, error_headers
from lmarena_bridge.core.errors import (
    BridgeError,
    Busy,
    ConfigError,
    Forbidden,
    HumanCheckRequired,
    InvalidRequest,
    NoTab,
    RateLimited,
    SessionExpired,
    SiteRefused,
    TabLost,
    TooLarge,
    Unauthorized,
    UnknownModel,
)


def header(error: BridgeError, name: bytes) -> bytes | None:
    return dict(error_headers(error)).get(name)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (InvalidRequest("…"), "invalid_request_error", "invalid_request"),
        (Unauthorized("…"), "authentication_error", "invalid_api_key"),
        (Forbidden("…"), "permission_error", "forbidden"),
        (UnknownModel("…"), "invalid_request_error", "model_not_found"),
        (TooLarge("…"), "invalid_request_error", "request_too_large"),
        (SiteRefused("…", status=422, code="moderated"), "invalid_request_error", "moderated"),
        (RateLimited("…"), "rate_limit_error", "rate_limited"),
        (ConfigError("…"), "api_error", "config_error"),
        (SessionExpired("…"), "api_error", "session_expired"),
        (NoTab("…"), "api_error", "no_tab"),
    ],
)
def test_an_error_has_the_type_of_its_status_and_its_own_code(
    error: BridgeError, kind: str, code: str
) -> None:
    body = json.loads(error_body(error))
    assert list(body) == ["error"]
    told = official(ErrorObject, json.dumps(body["error"]))
    assert (told.message, told.type, told.param, told.code) == ("…", kind, None, code)


def test_the_field_at_fault_is_named() -> None:
    body = json.loads(error_body(InvalidRequest("No.", param="messages[2].content")))
    assert body["error"]["param"] == "messages[2].content"


def test_a_message_that_no_utf_8_can_hold_is_told_as_well_as_can_be() -> None:
    assert json.loads(error_body(SiteRefused("It said “\ud83d”.")))["error"]["message"] == "It said “?”."


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (0.0, b"1"),
        (0.2, b"1"),
        (1.0, b"1"),
        (1.1, b"2"),
        (20.0, b"20"),
        (86_400.0, b"20"),
        (float("inf"), b"20"),
    ],
)
def test_the_pause_is_told_in_whole_seconds_that_no_client_hangs_on(
    retry_after: float, seconds: bytes
) -> None:
    assert header(RateLimited("…", retry_after=retry_after), b"retry-after") == seconds
    assert header(TabLost("…", retry_after=retry_after), b"retry-after") == seconds


@pytest.mark.parametrize("error", [RateLimited("…"), Busy("…"), NoTab("…")])
def test_who_may_try_again_soon_is_told_when(error: BridgeError) -> None:
    assert error_headers(error) == [(b"retry-after", b"5")]


def test_who_tries_again_before_a_person_has_acted_is_slowed_down() -> None:
    assert error_headers(HumanCheckRequired("…")) == [(b"retry-after", b"20"), (b"x-should-retry", b"false")]


@pytest.mark.parametrize("error", [InvalidRequest("…"), SessionExpired("…"), ConfigError("…")])
def test_what_a_repetition_cannot_mend_says_so(error: BridgeError) -> None:
    assert error_headers(error) == [(b"x-should-retry", b"false")]


def test_what_a_repetition_may_mend_says_nothing() -> None:
    assert error_headers(TabLost("…")) == []


def test_a_missing_key_is_asked_for() -> None:
    assert header(Unauthorized("…"), b"www-authenticate") == b"Bearer"
    assert header(Forbidden("…"), b"www-authenticate") is None
