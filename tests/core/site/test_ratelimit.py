import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.site.ratelimit import rate_limited, seconds_to_wait

# Mon, 01 Dec 2025 10:20:30 GMT, when the samples of that day were recorded, give or take.
NOW = 1_764_584_430.0
# 11:00:00 of that day.
FULL_HOUR = 1_764_586_800
DAY = 24 * 3600.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        # As recorded in a 429 of 2025-12-01, an image edit while signed out: nothing in it means "now".
        (
            {
                "retry-after": "0",
                "ratelimit": "limit=0, remaining=0, reset=0",
                "ratelimit-policy": "0;w=0",
                "ratelimit-modality": "image",
            },
            30,
        ),
        # Limits recorded on 2025-11-02, 2025-12-01 (hour) and 2025-12-01 (one picture a day).
        ({"ratelimit": "limit=3000, remaining=0, reset=39", "ratelimit-policy": "3000;w=300"}, 39),
        ({"ratelimit-limit": "240", "ratelimit-remaining": "0", "ratelimit-reset": f"{FULL_HOUR}"}, 2370),
        ({"ratelimit": "limit=1, remaining=0, reset=86400", "ratelimit-policy": "1;w=86400"}, DAY),
        # The hour is not used up: it is another limit that was reached.
        ({"ratelimit-limit": "240", "ratelimit-remaining": "217", "ratelimit-reset": f"{FULL_HOUR}"}, 30),
        (
            {
                "ratelimit": "limit=3, remaining=0, reset=600",
                "ratelimit-remaining": "217",
                "ratelimit-reset": f"{FULL_HOUR}",
            },
            600,
        ),
        ({"ratelimit-reset": f"{FULL_HOUR}"}, 2370),
        ({"ratelimit-reset": "90"}, 90),
        # What the site asks for in the usual way goes first.
        ({"retry-after": "120", "ratelimit": "limit=3000, remaining=0, reset=39"}, 120),
        ({"retry-after": "0", "ratelimit": "limit=3000, remaining=0, reset=39"}, 39),
        ({"retry-after": " 45 "}, 45),
        ({"retry-after": "Mon, 01 Dec 2025 10:22:30 GMT"}, 120),
        ({"retry-after": "Mon, 01 Dec 2025 10:20:00 GMT", "ratelimit": "reset=39"}, 39),
        # Within reason, on both sides.
        ({"retry-after": "1"}, 30),
        ({"retry-after": "29"}, 30),
        ({"retry-after": "31"}, 31),
        ({"retry-after": "86400"}, DAY),
        ({"retry-after": "86401"}, DAY),
        ({"retry-after": "999999999999"}, DAY),
        ({"ratelimit-reset": f"{FULL_HOUR - 3600}"}, 30),
        # Whatever says nothing.
        ({}, 30),
        ({"retry-after": ""}, 30),
        ({"retry-after": "-5"}, 30),
        ({"retry-after": "soon"}, 30),
        ({"retry-after": "1.5"}, 30),
        ({"retry-after": "١٢٣"}, 30),
        ({"retry-after": "Mon, 01 Foo 2025 10:22:30 GMT"}, 30),
        ({"retry-after": "Mon, 01 Dec 2025 10:22:30 CET"}, 30),
        ({"retry-after": "9" * 5000}, 30),
        ({"ratelimit": "reset=" + "9" * 5000}, 30),
        ({"ratelimit": "preset=500"}, 30),
        ({"ratelimit": "limit=3000"}, 30),
    ],
)
def test_the_site_is_given_the_time_it_asks_for(headers: dict[str, str], seconds: float) -> None:
    assert seconds_to_wait(headers, NOW) == seconds
    assert rate_limited(headers, "", NOW).retry_after == seconds


HEADERS = st.sampled_from(["retry-after", "ratelimit", "ratelimit-reset", "ratelimit-remaining"])
NUMBERS = st.integers(-(10**20), 10**20).map(str)
VALUES = st.text() | NUMBERS | NUMBERS.map("limit=1, remaining=0, reset={}".format)
DATES = st.from_regex(r"[A-Z][a-z]{2}, \d\d (Jan|Feb|Dec) [12]\d{3} \d\d:\d\d:\d\d GMT", fullmatch=True)


@given(st.dictionaries(HEADERS, VALUES | DATES), st.floats(0, 1e11))
def test_no_header_makes_us_wait_too_short_or_too_long(headers: dict[str, str], now: float) -> None:
    assert 30 <= seconds_to_wait(headers, now) <= DAY


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("30", "30 seconds"),
        ("119", "119 seconds"),
        ("120", "2 minutes"),
        ("2370", "40 minutes"),
        ("7199", "120 minutes"),
        ("7200", "2 hours"),
        ("86400", "24 hours"),
    ],
)
def test_the_message_says_how_long(seconds: str, said: str) -> None:
    message = rate_limited({"retry-after": seconds}, "", NOW).message
    assert f"Try again in {said};" in message


def test_the_message_says_what_is_limited_what_the_site_said_and_what_helps() -> None:
    error = rate_limited({"ratelimit-modality": "image"}, ' (it says: "Too many requests")', NOW)
    assert error.message.startswith(
        'LMArena\'s rate limit for image requests is reached (it says: "Too many requests"). Try again in '
        "30 seconds;"
    )
    assert "logged in" in error.message


@pytest.mark.parametrize("modality", ["", "Image", "<b>", "a" * 21, "image\n"])
def test_only_a_word_is_taken_for_a_kind(modality: str) -> None:
    message = rate_limited({"ratelimit-modality": modality}, "", NOW).message
    assert message.startswith("LMArena's rate limit for requests is reached. ")


def test_it_is_a_429_that_may_be_sent_again() -> None:
    error = rate_limited({}, "", NOW)
    assert (error.status, error.code, error.retryable) == (429, "rate_limited", True)
