import json

import pytest
from openai.types.shared import ErrorObject

from core.api.official import official
from lmarena_bridge.core.api.openai.errors import error_body, error_response
from lmarena_bridge.core.errors import (
    BridgeError,
    ConfigError,
    Forbidden,
    InvalidRequest,
    NoTab,
    RateLimited,
    SessionExpired,
    SiteRefused,
    TooLarge,
    Unauthorized,
    UnknownModel,
)


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


def test_the_whole_response_is_the_body_with_its_status() -> None:
    error = NoTab("…")
    response = error_response(error)
    assert (response.status, response.body) == (503, error_body(error))
    assert response.headers == ((b"content-type", b"application/json"), (b"retry-after", b"5"))
