import re

import pytest

from lmarena_bridge.core.config.origins import Origins


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ([], ()),
        (("http://localhost:3000",), ("http://localhost:3000",)),
        (
            [" HTTP://LocalHost:3000/ ", "", "https://chat.example"],
            ("http://localhost:3000", "https://chat.example"),
        ),
        (
            ["chrome-extension://abcdef", "http://[::1]:8000"],
            ("chrome-extension://abcdef", "http://[::1]:8000"),
        ),
    ],
)
def test_origins_become_what_browsers_send(given: object, becomes: object) -> None:
    assert Origins().read(given) == becomes


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "localhost:3000",
        "http://",
        "http://a/path",
        "http://*.example",
        "http://a b",
        "http://u@a",
        5,
    ],
)
def test_what_would_let_in_more_than_one_page_is_refused(origin: object) -> None:
    with pytest.raises(ValueError):
        Origins().read([origin])
    if isinstance(origin, str):
        assert re.search(Origins().schema["items"]["pattern"], origin) is None


def test_a_text_alone_is_no_list() -> None:
    with pytest.raises(ValueError):
        Origins().read("http://localhost:3000")


def test_the_expectation_says_why() -> None:
    assert "every page on the web" in Origins().expected.text
