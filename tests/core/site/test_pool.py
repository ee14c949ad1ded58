from collections.abc import Callable
from dataclasses import replace

import pytest

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, RateLimited, SessionExpired
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.pool import Situation, choose_session, default_session, pool_of

MODEL = ModelEntry("a-model", "id")
PLACEHOLDER = SessionEntry("YOUR_SESSION_ID", "YOUR_MESSAGE_ID")


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def session(number: int, profile: str | None = None) -> SessionEntry:
    return SessionEntry(uuid(number), uuid(number + 100), profile=profile)


A, B, C = session(1), session(2), session(3)


def config(*sessions: SessionEntry, default: SessionEntry | None = None, allowed: bool = True) -> Config:
    settings = Settings(
        session_id=default.session_id if default else "",
        message_id=default.message_id if default else "",
        session_profile=(default.profile or "") if default else "",
        use_default_ids_if_mapping_not_found=allowed,
    )
    return Config(settings=settings, sessions={"a-model": sessions} if sessions else {})


def choices(
    wanted: Config, health: SessionHealth | None = None, *, now: float = 0, profiles: tuple[str, ...] = ()
) -> set[SessionEntry]:
    """All sessions that may be chosen, found by choosing each time another of those offered."""
    health, pool = health or SessionHealth(), pool_of(MODEL, wanted)
    offered: list[int] = []

    def pick(index: int) -> Callable[[int], int]:
        def choose(count: int) -> int:
            offered.append(count)
            return min(index, count - 1)

        return choose

    return {
        choose_session(MODEL.name, pool, Situation(health, lambda: now, lambda: profiles, pick(index)))
        for index in range(4)
    }


# -- which sessions there are -------------------------------------------------------------------------------


def test_a_model_answers_in_its_own_sessions() -> None:
    assert pool_of(MODEL, config(A, PLACEHOLDER, B, default=C)) == (A, B)


def test_a_model_without_sessions_of_its_own_answers_in_the_default_one() -> None:
    assert pool_of(MODEL, config(default=C)) == (C,)
    assert default_session(config(default=C)) == C


def test_the_default_session_goes_to_the_browser_it_was_captured_in() -> None:
    mine = replace(C, profile="work")
    assert default_session(config(default=mine)) == mine


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (config(PLACEHOLDER, default=C), "holds no real ids"),
        (config(default=C, allowed=False), "use_default_ids_if_mapping_not_found is off"),
        (config(), "session_id and message_id in config.jsonc are not set"),
        (config(default=PLACEHOLDER), "session_id and message_id in config.jsonc are not set"),
        (config(default=SessionEntry(uuid(1), "YOUR_MESSAGE_ID")), "are not set"),
    ],
)
def test_a_model_without_a_usable_session_is_refused_with_the_command_that_mends_it(
    wanted: Config, why: str
) -> None:
    with pytest.raises(NoSessionForModel, match=why) as refused:
        pool_of(MODEL, wanted)
    assert "`lmarena-bridge session capture`" in refused.value.message
    assert "'a-model'" in refused.value.message
    assert refused.value.param == "model"


# -- which of them answers ----------------------------------------------------------------------------------


def test_each_of_the_free_sessions_may_be_chosen() -> None:
    assert choices(config(A, B, C)) == {A, B, C}


def test_a_busy_session_is_left_alone_as_long_as_another_is_free() -> None:
    health = SessionHealth()
    with health.at_work(A):
        assert choices(config(A, B, C), health) == {B, C}
    assert choices(config(A, B, C), health) == {A, B, C}


def test_if_all_are_busy_one_of_the_least_busy_answers() -> None:
    health = SessionHealth()
    with health.at_work(A), health.at_work(A), health.at_work(B), health.at_work(C):
        assert choices(config(A, B, C), health) == {B, C}
        assert choices(config(A), health) == {A}


def test_a_session_that_cools_down_is_left_alone_until_it_has() -> None:
    health = SessionHealth()
    health.refused(A, RateLimited("wait", retry_after=30), now=0)
    with health.at_work(B):
        assert choices(config(A, B), health, now=29) == {B}
        assert choices(config(A, B), health, now=30) == {A}


def test_if_all_cool_down_the_shortest_wait_is_told() -> None:
    health = SessionHealth()
    for each, wait in ((A, 30.2), (B, 20.2), (C, 40.2)):
        health.refused(each, RateLimited("wait", retry_after=wait), now=0)
    with pytest.raises(RateLimited, match=r"'a-model'.*all 3 of its sessions are.*in 11 s") as limited:
        choices(config(A, B, C), health, now=10)
    assert limited.value.retry_after == pytest.approx(10.2)
    with pytest.raises(RateLimited, match="its session is"):
        choices(config(A), health, now=10)


def test_a_session_that_is_set_aside_is_never_chosen_again() -> None:
    health = SessionHealth()
    health.refused(A, SessionExpired("voted on"), now=0)
    health.refused(B, RateLimited("wait", retry_after=30), now=0)
    assert choices(config(A, B, C), health) == {C}
    with pytest.raises(RateLimited, match="Try again in 30 s"):
        choices(config(A, B), health)


def test_if_all_are_set_aside_the_reason_is_told() -> None:
    health = SessionHealth()
    health.refused(A, SessionExpired("It was voted on. Capture again."), now=0)
    with pytest.raises(
        SessionExpired, match=r"'a-model'.*Its session was.*It was voted on\. Capture again\."
    ):
        choices(config(A), health)
    health.refused(B, SessionExpired("It belongs to another login."), now=0)
    with pytest.raises(SessionExpired, match=r"All 2 of its sessions were.*It belongs to another login\."):
        choices(config(A, B), health)


def test_sessions_of_browsers_that_are_here_come_first() -> None:
    here, there, anywhere = session(1, "here"), session(2, "there"), session(3)
    assert choices(config(here, there, anywhere), profiles=("here",)) == {here, anywhere}
    assert choices(config(here, there), profiles=()) == {here, there}


def test_a_busy_session_of_a_browser_that_is_here_comes_before_a_free_one_elsewhere() -> None:
    here, there = session(1, "here"), session(2, "there")
    health = SessionHealth()
    with health.at_work(here):
        assert choices(config(here, there), health, profiles=("here",)) == {here}


def test_sessions_in_which_something_failed_are_left_for_when_nothing_else_is() -> None:
    health = SessionHealth()
    health.troubled(A, 0)
    assert choices(config(A, B, C), health, now=1) == {B, C}
    with health.at_work(B):
        assert choices(config(A, B), health, now=1) == {B}
    health.troubled(B, 0)
    assert choices(config(A, B), health, now=1) == {A, B}
    assert choices(config(A, B), health, now=5) == {A, B}
