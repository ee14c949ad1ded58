import pytest

from lmarena_bridge.core.site.request import HEADERS, SiteRequest


def test_the_headers_are_those_of_the_sites_own_page() -> None:
    assert dict(HEADERS) == {"content-type": "text/plain;charset=UTF-8", "accept": "*/*"}


def test_nobody_changes_the_headers_for_everybody() -> None:
    with pytest.raises(TypeError):
        HEADERS["x"] = "y"  # type: ignore[index]


def test_a_request_is_a_value() -> None:
    request = SiteRequest("PUT", "/path", HEADERS, b"{}")
    assert request == SiteRequest("PUT", "/path", dict(HEADERS), b"{}")
    with pytest.raises(AttributeError):
        request.path = "/other"  # type: ignore[misc]
