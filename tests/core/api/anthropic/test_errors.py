import json

import pytest
from anthropic.types import ErrorResponse

from core.api.official import official
from lmarena_bridge.core.api.anthropic.errors import error_body, error_response
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
    Stopping,
    TabSilent,
    TooLarge,
    Unauthorized,
    UnknownModel,
)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (InvalidRequest("…"), 400, "invalid_request_error"),
        (Unauthorized("…"), 401, "authentication_error"),
        (Forbidden("…"), 403, "permission_error"),
        (UnknownModel("…"), 404, "not_found_error"),
        (TooLarge("…"), 413, "request_too_large"),
        (SiteRefused("…", status=422), 422, "invalid_request_error"),
        (RateLimited("…"), 429, "rate_limit_error"),
        (Busy("…"), 429, "rate_limit_error"),
        (NoTab("…"), 529, "overloaded_error"),
        (Stopping("…"), 529, "overloaded_error"),
        (HumanCheckRequired("…"), 503, "api_error"),
        (TabSilent("…"), 504, "timeout_error"),
        (SessionExpired("…"), 502, "api_error"),
        (ConfigError("…"), 500, "api_error"),
    ],
)
def test_an_error_has_anthropics_status_and_type(error: BridgeError, status: int, kind: str) -> None:
    response = error_response(error, "req_1")
    assert response.status == status
    told = json.loads(response.body)
    assert told == {"type": "error", "error": {"type": kind, "message": "…"}, "request_id": "req_1"}
    if kind != "request_too_large":  # the official types of errors do not know it, their documents do
        official(ErrorResponse, response.body)


def test_it_says_whether_to_try_again() -> None:
    assert error_response(NoTab("…"), "req_1").headers == (
        (b"content-type", b"application/json"),
        (b"retry-after", b"5"),
    )
    assert (b"x-should-retry", b"false") in error_response(InvalidRequest("…"), "req_1").headers


def test_a_message_that_no_utf_8_can_hold_is_told_as_well_as_can_be() -> None:
    assert json.loads(error_body(SiteRefused("“\ud83d”"), "req_1"))["error"]["message"] == "“?”"
