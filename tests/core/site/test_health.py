import pytest

from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.errors import BridgeError, RateLimited, SessionExpired
from lmarena_bridge.core.site.health import SessionHealth, SessionState

ONE = SessionEntry("session", "message 1")
TWO = SessionEntry("session", "message 2")


def test_a_session_nobody_has_used_is_free() -> None:
    state = SessionHealth().state(ONE, 0)
    assert state == SessionState(jobs=0, wait=0, reason=None)
    assert state.word == "free"


def test_a_session_is_busy_while_answers_are_on_their_way() -> None:
    health = SessionHealth()
    with health.at_work(ONE):
        with health.at_work(ONE):
            assert health.state(ONE, 0).jobs == 2
        assert health.state(ONE, 0).word == "busy"
        assert health.state(TWO, 0).word == "free"
    assert health.state(ONE, 0).word == "free"


def test_a_session_that_was_asked_is_busy_before_its_answer_can_be_taken() -> None:
    health = SessionHealth()
    at_work = health.at_work(ONE)
    assert health.state(ONE, 0).word == "busy"
    with at_work:
        assert health.state(ONE, 0).jobs == 1
    assert health.state(ONE, 0).word == "free"


def test_an_answer_that_fails_leaves_its_session_free() -> None:
    health = SessionHealth()
    with pytest.raises(ValueError), health.at_work(ONE):
        raise ValueError
    assert health.state(ONE, 0).jobs == 0


def test_a_rate_limit_cools_its_session_down_for_as_long_as_the_site_asks() -> None:
    health = SessionHealth()
    health.refused(ONE, RateLimited("wait", retry_after=30), now=1000)
    assert health.state(ONE, 1000) == SessionState(wait=30)
    assert health.state(ONE, 1029.5).word == "cooling"
    assert health.state(ONE, 1030).word == "free"
    assert health.state(ONE, 2000).wait == 0
    assert health.state(TWO, 1000).word == "free"


def test_a_session_the_site_does_not_want_any_more_is_set_aside_with_the_reason() -> None:
    health = SessionHealth()
    health.refused(ONE, SessionExpired("voted on"), now=0)
    with health.at_work(ONE):
        assert health.state(ONE, 1e12) == SessionState(jobs=1, reason="voted on")
        assert health.state(ONE, 1e12).word == "set_aside"
    assert health.state(TWO, 0).word == "free"


def test_whoever_writes_the_log_hears_of_each_refusal() -> None:
    heard: list[tuple[object, BridgeError]] = []
    health = SessionHealth(lambda session, error: heard.append((session, error)))
    limited, expired = RateLimited("wait", retry_after=30), SessionExpired("voted on")
    health.refused(ONE, limited, now=0)
    health.refused(TWO, expired, now=0)
    assert heard == [(ONE, limited), (TWO, expired)]


def test_the_same_ids_in_another_browser_are_another_session() -> None:
    health = SessionHealth()
    health.refused(ONE, SessionExpired("another login"), now=0)
    assert health.state(SessionEntry("session", "message 1", profile="firefox"), 0).word == "free"
    assert health.state(SessionEntry("session", "message 1", mode="battle"), 0).word == "set_aside"


def test_a_session_that_was_captured_again_begins_anew() -> None:
    health = SessionHealth()
    elsewhere = SessionEntry("session", "message 1", profile="firefox")
    for session in (ONE, TWO, elsewhere):
        health.refused(session, SessionExpired("another login"), now=0)
        health.refused(session, RateLimited("wait", retry_after=30), now=0)
    health.captured("session", "message 1")
    assert health.state(ONE, 0) == SessionState()
    assert health.state(elsewhere, 0) == SessionState()
    assert health.state(TWO, 0) == SessionState(wait=30, reason="another login")


def test_a_session_in_which_something_failed_rests_longer_each_time_until_an_answer_comes() -> None:
    health = SessionHealth()
    rests = []
    for _ in range(12):
        health.troubled(ONE, 1000)
        rests.append(next(s for s in range(100) if not health.state(ONE, 1000 + s).resting))
    assert rests == [5, 10, 20, 40] + [60] * 8
    assert health.state(ONE, 1000).word == "free"
    assert not health.state(TWO, 1000).resting
    health.worked(ONE)
    assert not health.state(ONE, 1000).resting
    health.troubled(ONE, 1000)
    assert health.state(ONE, 1004).resting
    assert not health.state(ONE, 1005).resting


def test_a_session_that_is_captured_again_has_rested() -> None:
    health = SessionHealth()
    health.troubled(ONE, 1000)
    health.captured(ONE.session_id, ONE.message_id)
    assert not health.state(ONE, 1000).resting


@pytest.mark.parametrize("refusal", [SessionExpired("voted on"), RateLimited("wait", retry_after=30)])
def test_all_sessions_are_ready_as_long_as_none_is_refused(refusal: SessionExpired | RateLimited) -> None:
    health = SessionHealth()
    health.troubled(ONE, 0)
    ready = [health.all_ready]
    health.refused(TWO, refusal, now=0)
    ready.append(health.all_ready)
    health.captured(TWO.session_id, TWO.message_id)
    ready.append(health.all_ready)
    assert ready == [True, False, True]


def test_an_answer_in_a_session_that_never_failed_changes_nothing() -> None:
    health = SessionHealth()
    health.worked(ONE)
    assert health.state(ONE, 0) == SessionState()
