import pytest

from lmarena_bridge.core.errors import BridgeError, SiteRefused, TabLost
from lmarena_bridge.core.tabs.failure import fetch_failed, lost_bytes
from lmarena_bridge.core.tabs.messages import FailureReason


@pytest.mark.parametrize(
    ("reason", "kind", "code", "words"),
    [
        ("network", SiteRefused, "site_unreachable", "the page still works in the tab"),
        ("redirected", SiteRefused, "site_moved", "https://arena.ai"),
        ("cancelled", TabLost, "tab_lost", "Keep the LMArena tab open"),
        ("refused", SiteRefused, "tab_refused", "no such path"),
    ],
)
def test_each_reason_has_its_code_and_says_what_to_do(
    reason: FailureReason, kind: type[BridgeError], code: str, words: str
) -> None:
    error = fetch_failed(reason, "no such path")
    assert isinstance(error, kind)
    assert error.code == code
    assert words in error.message


def test_a_browser_that_gives_no_words_is_given_some() -> None:
    assert "(The browser says: network error)" in fetch_failed("network", "").message


def test_lost_bytes_say_which() -> None:
    assert "bytes 3 to 4 are missing" in lost_bytes("bytes 3 to 4 are missing").message
