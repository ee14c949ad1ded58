import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.site.address import (
    CAPTURE_PATTERN,
    CapturedIds,
    is_id,
    is_site_origin,
    parse_captured,
    path_on_site,
    retry_path,
)

SESSION = "0199f3a1-7c4e-7b1a-8d2f-3e4a5b6c7d8e"
MESSAGE = "6d1f5f0e-1b2c-4d3e-9f4a-0b1c2d3e4f5a"
OF_TODAY = f"/nextjs-api/stream/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}"

RETRIES = [
    OF_TODAY,
    f"/api/stream/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}",  # until 2025-08-27
    f"/zh/nextjs-api/stream/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}",
    f"/api/v2/stream/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}",
    f"/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}",
    OF_TODAY.replace(SESSION, SESSION.upper()).replace(MESSAGE, MESSAGE.upper()),
    f"{OF_TODAY}?locale=pl",
    f"{OF_TODAY}#top",
]
OTHERS = [
    "",
    "/",
    f"/c/{SESSION}",
    "/nextjs-api/stream/create-evaluation",
    f"/nextjs-api/stream/post-to-evaluation/{SESSION}",
    OF_TODAY[:-1],
    f"{OF_TODAY}0",
    f"{OF_TODAY}/",
    f"{OF_TODAY}/votes",
    OF_TODAY.replace("/messages/", "/"),
    OF_TODAY.replace("stream/", "stream"),
    OF_TODAY.replace(SESSION, "YOUR_SESSION_ID"),
    OF_TODAY.replace("retry-", "x-retry-"),
    OF_TODAY[1:],
    f"//evil.example{OF_TODAY}?",
    f"https://lmarena.ai{OF_TODAY}",
    f" {OF_TODAY}",
]


@pytest.mark.parametrize(
    "origin",
    [
        "https://lmarena.ai",
        "https://arena.ai",
        "https://canary.lmarena.ai",
        "https://beta.lmarena.ai",
        "https://web.arena.ai",
        "https://a.b.arena.ai",
    ],
)
def test_pages_of_the_site_are_the_site(origin: str) -> None:
    assert is_site_origin(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://lmarena.ai",
        "ws://lmarena.ai",
        "https://lmarena.ai:443",
        "https://lmarena.ai:8443",
        "https://lmarena.ai/",
        "https://lmarena.ai/path",
        "https://lmarena.ai?",
        "https://lmarena.ai.",
        "https://lmarena.ai.evil.example",
        "https://evil-lmarena.ai",
        "https://evillmarena.ai",
        "https://mylmarena.ai",
        "https://lmarena.ai@evil.example",
        "https://user@lmarena.ai",
        "https://user:password@lmarena.ai",
        "https://evil.example/lmarena.ai",
        "https://evil.example#.lmarena.ai",
        "https://evil.example\\.lmarena.ai",
        "https://.lmarena.ai",
        "https://a..lmarena.ai",
        "https://lmarena-ai",
        "https://lmarenaXai",
        "https://LMARENA.AI",
        "HTTPS://lmarena.ai",
        " https://lmarena.ai",
        "https://lmarena.ai ",
        "https://lmarena.ai\n",
        "https://lmarena.ai\r\nx: y",
        "https://lmarena.ai\x00",
        "https://xn--lmarena.ai.example",
        "https://lmarenа.ai",  # a Cyrillic а
        "https://127.0.0.1",
        "https://lmarena.ai https://evil.example",
        "chrome-extension://lmarena.ai",
    ],
)
def test_everything_else_is_not_the_site(origin: str) -> None:
    assert not is_site_origin(origin)


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
        # Only such a name is a host of the site's again: a subdomain.
        lambda tail: not tail.endswith((".lmarena.ai", ".arena.ai"))
    )
)
def test_nothing_may_stand_behind_the_host(tail: str) -> None:
    assert not is_site_origin(f"https://lmarena.ai{tail}")


def test_the_retry_address_names_session_and_message() -> None:
    assert retry_path(SESSION, MESSAGE) == OF_TODAY


def test_what_the_page_asks_for_is_captured_and_read_back() -> None:
    assert parse_captured(retry_path(SESSION, MESSAGE)) == CapturedIds(SESSION, MESSAGE)


@pytest.mark.parametrize("path", RETRIES)
def test_retries_are_captured_under_any_prefix(path: str) -> None:
    assert re.search(CAPTURE_PATTERN, path)
    assert parse_captured(path) == CapturedIds(SESSION, MESSAGE)


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_is_captured(path: str) -> None:
    assert not re.search(CAPTURE_PATTERN, path)
    assert parse_captured(path) is None


@pytest.mark.parametrize("path", [f"{OF_TODAY}\n", f"{OF_TODAY}?a\nb", f"{OF_TODAY}\r\nx", f"{OF_TODAY}\x00"])
def test_a_tab_cannot_smuggle_lines_into_the_ids(path: str) -> None:
    assert parse_captured(path) is None


def test_the_pattern_means_the_same_in_javascript_and_in_python() -> None:
    """Nothing in it but letters, ASCII classes, groups without a name, and the quantifiers both know."""
    plain = re.sub(r"\(\?:", "(", CAPTURE_PATTERN)
    plain = re.sub(r"\[[a-zA-Z0-9./_?#-]+\]", "C", plain)
    plain = re.sub(r"\{\d+\}", "*", plain)
    assert re.fullmatch(r"\^[A-Za-z/()*+|-]+\$\)", plain)


def test_a_hostile_path_is_judged_at_once() -> None:
    assert parse_captured("/a" * 50_000) is None
    assert parse_captured("/" * 100_000) is None
    assert not is_site_origin("https://" + "a." * 50_000 + "x")


@pytest.mark.parametrize("text", [SESSION, MESSAGE, SESSION.upper(), "00000000-0000-0000-0000-000000000000"])
def test_ids_of_the_site_are_uuids_of_any_version(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "YOUR_SESSION_ID",
        "your-session-id-here",
        SESSION[:-1],
        SESSION + "0",
        SESSION + "\n",
        " " + SESSION,
        SESSION.replace("-", ""),
        f"{{{SESSION}}}",
        SESSION.replace("0", "g"),
        f"../{SESSION}",
    ],
)
def test_placeholders_and_slips_are_no_ids(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://lmarena.ai/images/a.png?X-Amz-Date=1&b=2", "/images/a.png?X-Amz-Date=1&b=2"),
        ("https://www.arena.ai/a", "/a"),
        ("https://arena.ai", "/"),
    ],
)
def test_what_lies_on_the_sites_pages_has_a_path_for_a_tab(url: str, path: str) -> None:
    assert path_on_site(url) == path


@pytest.mark.parametrize(
    "url",
    [
        "http://lmarena.ai/a.png",
        "https://lmarena.ai:8443/a.png",
        "https://lmarena.ai.example.org/a.png",
        "https://me@lmarena.ai/a.png",
        "https://messages-prod.lmarena.ai/a.png",
        "https://[broken/a.png",
        "data:image/png;base64,AAAA",
        "/images/a.png",
    ],
)
def test_what_lies_elsewhere_has_none(url: str) -> None:
    assert path_on_site(url) is None
