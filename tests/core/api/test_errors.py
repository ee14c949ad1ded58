import pytest

from lmarena_bridge.core.api.errors import as_utf8, error_headers
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
    Stopping,
    TabLost,
    Unauthorized,
)


def header(error: BridgeError, name: bytes) -> bytes | None:
    return dict(error_headers(error)).get(name)


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


def test_a_server_that_stops_lets_the_connection_go() -> None:
    assert error_headers(Stopping("…")) == [(b"retry-after", b"5"), (b"connection", b"close")]


def test_a_missing_key_is_asked_for() -> None:
    assert header(Unauthorized("…"), b"www-authenticate") == b"Bearer"
    assert header(Forbidden("…"), b"www-authenticate") is None


def test_half_a_character_is_told_as_well_as_can_be() -> None:
    assert as_utf8("It said “\ud83d”.") == "It said “?”."
