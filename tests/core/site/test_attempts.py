import pytest

from lmarena_bridge.core.errors import (
    BridgeError,
    Busy,
    EmptyAnswer,
    HumanCheckRequired,
    InvalidRequest,
    LoginRequired,
    MalformedStream,
    NoTab,
    RateLimited,
    SessionExpired,
    SiteRefused,
    Stopping,
    TabLost,
    TabSilent,
)
from lmarena_bridge.core.site.attempts import Attempts
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.pool import Situation
from lmarena_bridge.core.site.target import Target

LIMITED = RateLimited("wait", retry_after=30)
EXPIRED = SessionExpired("voted on")


def attempts(*profiles: str | None) -> Attempts:
    """Of a model with one session for each profile, to be chosen in this order."""
    targets = [
        Target("a-model", None, "text", f"session {number}", "message", "direct_chat", "a", profile)
        for number, profile in enumerate(profiles)
    ]
    return Attempts(targets)


def situation() -> Situation:
    return Situation(SessionHealth(), now=lambda: 0, profiles=lambda: ("a", "b"), pick=lambda _: 0)


def test_an_expired_session_is_followed_by_the_others_of_its_pool_whosever_they_are() -> None:
    tried, now = attempts(None, "a", "b"), situation()
    target = tried.first(now)
    seen = [target.session_id]
    for _ in range(2):
        target = tried.after(target, EXPIRED, now)
        seen.append(target.session_id)
    assert len(set(seen)) == 3
    with pytest.raises(SessionExpired) as refused:
        tried.after(target, EXPIRED, now)
    assert refused.value is EXPIRED


def test_a_rate_limit_is_followed_by_one_more_session_and_no_third() -> None:
    tried, now = attempts(None, None, None), situation()
    first = tried.first(now)
    second = tried.after(first, LIMITED, now)
    assert second.session_id != first.session_id
    with pytest.raises(RateLimited) as refused:
        tried.after(second, LIMITED, now)
    assert refused.value is LIMITED


def test_a_rate_limit_is_not_answered_with_another_login() -> None:
    tried, now = attempts("a", "b"), situation()
    with pytest.raises(RateLimited) as refused:
        tried.after(tried.first(now), LIMITED, now)
    assert refused.value is LIMITED


def test_after_a_rate_limit_an_expired_session_is_still_followed_by_the_next() -> None:
    tried, now = attempts(None, None, "b"), situation()
    second = tried.after(tried.first(now), LIMITED, now)
    assert tried.after(second, EXPIRED, now).profile == "b"


def test_other_requests_know_of_the_refusals() -> None:
    tried, now = attempts(None, None), situation()
    first = tried.first(now)
    second = tried.after(first, LIMITED, now)
    with pytest.raises(SessionExpired):
        tried.after(second, EXPIRED, now)
    assert now.health.state(first, 0).word == "cooling"
    assert now.health.state(second, 0).reason == "voted on"


# -- what may pass -----------------------------------------------------------------------------------------

TROUBLE = [
    SiteRefused("bad gateway", status=502, code="site_unavailable", retryable=True),
    SiteRefused("network error", code="site_unreachable", retryable=True),
    EmptyAnswer("not a word"),
]
FINAL = [
    SiteRefused("not allowed", status=422, code="content_refused"),
    SiteRefused("no such model", status=404, code="model_gone"),
    HumanCheckRequired("see the tab"),
    LoginRequired("log in"),
    MalformedStream("a page"),
    InvalidRequest("no"),
    NoTab("none"),
    Busy("full"),
    Stopping("bye"),
    TabSilent("not a word for minutes"),
]


def name(error: BridgeError) -> str:
    return f"{type(error).__name__} {error.code}"


@pytest.mark.parametrize("error", TROUBLE, ids=name)
def test_trouble_of_the_site_has_one_second_chance_in_another_session(error: BridgeError) -> None:
    tried, now = attempts(None, None, None), situation()
    first = tried.first(now)
    second = tried.after(first, error, now)
    assert second.session_id != first.session_id
    with pytest.raises(type(error)) as refused:
        tried.after(second, error, now)
    assert refused.value is error
    assert now.health.state(first, 0).resting
    assert now.health.state(second, 0).resting


@pytest.mark.parametrize("error", [*TROUBLE, TabLost("closed")], ids=name)
def test_without_another_session_the_second_chance_is_in_the_same_one(error: BridgeError) -> None:
    tried, now = attempts("a"), situation()
    first = tried.first(now)
    assert tried.after(first, error, now) == first


@pytest.mark.parametrize("error", FINAL, ids=name)
def test_what_somebody_must_mend_has_none(error: BridgeError) -> None:
    tried, now = attempts(None, None), situation()
    with pytest.raises(type(error)) as refused:
        tried.after(tried.first(now), error, now)
    assert refused.value is error


def test_a_request_that_two_tabs_were_lost_over_gets_no_third() -> None:
    tried, now = attempts(None, None), situation()
    second = tried.after(tried.first(now), TabLost("closed"), now)
    lost = TabLost("closed again")
    with pytest.raises(TabLost) as refused:
        tried.after(second, lost, now)
    assert refused.value is lost


def test_a_lost_tab_says_nothing_of_its_session() -> None:
    tried, now = attempts(None), situation()
    first = tried.first(now)
    tried.after(first, TabLost("closed"), now)
    assert not now.health.state(first, 0).resting


@pytest.mark.parametrize("other", [LIMITED, TROUBLE[0], TabLost("closed")], ids=name)
def test_there_is_one_second_chance_whatever_it_is_needed_for(other: BridgeError) -> None:
    tried, now = attempts(None, None, None), situation()
    second = tried.after(tried.first(now), TROUBLE[0], now)
    with pytest.raises(type(other)):
        tried.after(second, other, now)


def test_an_expired_session_does_not_use_it() -> None:
    tried, now = attempts(None, None, None), situation()
    second = tried.after(tried.first(now), EXPIRED, now)
    tried.after(second, TROUBLE[0], now)


def test_a_rate_limit_is_followed_through_the_browser_that_was_limited() -> None:
    tried, now = attempts(None, None), situation()
    assert tried.after(tried.first(now), LIMITED, now, "b").profile is None
    assert tried.login == "b"
    tried = attempts("a", "a")
    assert tried.after(tried.first(now), LIMITED, now, "a").profile == "a"


def test_trouble_is_followed_wherever_there_is_a_tab() -> None:
    tried, now = attempts(None, None), situation()
    tried.after(tried.first(now), TROUBLE[0], now, "b")
    assert tried.login is None
