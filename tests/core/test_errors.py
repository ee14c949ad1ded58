import inspect

import pytest

from lmarena_bridge.core import errors
from lmarena_bridge.core.errors import BridgeError, SiteRefused

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, BridgeError) and kind is not BridgeError
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_an_error_status_and_a_code_of_its_own_words(kind: type[BridgeError]) -> None:
    error = kind("what happened")
    assert 400 <= error.status <= 599
    assert error.code != BridgeError.code
    assert error.code == error.code.lower()
    assert str(error) == error.message == "what happened"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_drawn_in_the_tree(kind: type[BridgeError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


def test_what_nobody_can_mend_by_waiting_is_not_retryable() -> None:
    assert not BridgeError("x").retryable
    assert not errors.InvalidRequest("x").retryable
    assert errors.TabLost("x").retryable


def test_the_field_and_the_pause_are_told_when_they_are_known() -> None:
    error = errors.Busy("x", param="model", retry_after=3)
    assert (error.param, error.retry_after) == ("model", 3)


def test_a_refusal_of_the_site_has_the_sites_own_status() -> None:
    refused = SiteRefused("x", status=422, code="content_refused")
    assert (refused.status, refused.code, refused.retryable) == (422, "content_refused", False)
    assert SiteRefused("x").status == 502
