import pytest

from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, RateLimited, SessionExpired, UnknownModel
from lmarena_bridge.core.site.attempts import Attempts
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.pool import Situation

LIMITED = RateLimited("wait", retry_after=30)
EXPIRED = SessionExpired("voted on")


def attempts(*profiles: str | None) -> Attempts:
    """Of a model with one session for each profile, to be chosen in this order."""
    sessions = tuple(
        SessionEntry(
            f"00000000-0000-4000-8000-{number:012x}",
            f"00000000-0000-4000-8000-{number:012x}",
            profile=profile,
        )
        for number, profile in enumerate(profiles)
    )
    return Attempts("a-model", Config(sessions={"a-model": sessions}))


def situation() -> Situation:
    return Situation(SessionHealth(), now=0, profiles=("a", "b"), pick=lambda _: 0)


def test_what_the_files_do_not_know_cannot_be_tried() -> None:
    with pytest.raises(UnknownModel):
        Attempts("nobody", Config()).first(situation())
    with pytest.raises(NoSessionForModel):
        Attempts("a-model", Config(sessions={"a-model": ()})).first(situation())


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
