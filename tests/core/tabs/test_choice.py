from dataclasses import replace

from lmarena_bridge.core.errors import Busy, HumanCheckRequired, NoTab
from lmarena_bridge.core.tabs.choice import choose_tab, nobody, willing, with_room, working
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Tab
from support.play import hello, job, stream

RULES = Rules(jobs_per_tab=2)


def tab(name: str, *, busy: int = 0, profile: str = "p", link: int | None = 1) -> Tab:
    streams = {n: stream(n, job(f"{name}{n}")) for n in range(busy)}
    return Tab(hello(name, profile=profile), link, streams=streams)


def test_the_least_busy_tab_works_and_of_equals_the_oldest() -> None:
    busy, free, later = tab("busy", busy=1), tab("free"), tab("later")
    assert choose_tab([busy, free, later], job("j"), RULES, 0) is free


def test_a_tab_with_as_much_work_as_it_may_have_gets_no_more() -> None:
    assert choose_tab([tab("full", busy=2)], job("j"), RULES, 0) is None
    assert choose_tab([], job("j"), RULES, 0) is None


def test_only_tabs_that_are_there_well_and_of_the_right_login_are_willing() -> None:
    gone, asked, other, good = tab("a", link=None), tab("b"), tab("c", profile="x"), tab("d")
    asked.attention = "human check"
    assert list(willing([gone, asked, other, good], job("j", profile="p"), RULES)) == [good]


def test_a_tab_that_is_full_may_be_given_work_all_the_same() -> None:
    gone, asked, full = tab("a", link=None), tab("b"), tab("c", busy=2)
    asked.attention = "human check"
    assert list(working([gone, asked, full], RULES)) == [full]


def test_with_the_latest_policy_only_the_newest_connected_tab_works() -> None:
    rules = replace(RULES, tab_policy="latest")
    old, new, gone = tab("old"), tab("new", busy=2), tab("gone", link=None)
    assert list(willing([old, new, gone], job("j"), rules)) == [new]
    assert choose_tab([old, new, gone], job("j"), rules, 0) is None
    assert not with_room([old, new, gone], rules)


def test_when_all_are_busy_the_caller_may_come_again() -> None:
    error = nobody([tab("full", busy=2)], job("j"), RULES)
    assert isinstance(error, Busy)
    assert error.retryable
    assert "2 requests" in error.message


def test_a_human_check_is_the_reason_when_it_is() -> None:
    asked = tab("a")
    asked.attention = "Finish the check in the tab."
    error = nobody([asked], job("j"), RULES)
    assert isinstance(error, HumanCheckRequired)
    assert error.message == "Finish the check in the tab."


def test_a_check_in_another_login_is_not_the_reason() -> None:
    asked = tab("a", profile="other")
    asked.attention = "Finish the check in the tab."
    error = nobody([asked], job("j", profile="p"), RULES)
    assert isinstance(error, NoTab)
    assert "another browser profile" in error.message


def test_without_any_tab_the_person_is_told_how_to_open_one() -> None:
    error = nobody([tab("a", link=None)], job("j"), RULES)
    assert isinstance(error, NoTab)
    assert "https://lmarena.ai" in error.message
    assert error.retry_after


def test_a_tab_in_which_something_failed_comes_last_while_it_rests() -> None:
    failed, busy = tab("failed"), tab("busy", busy=1)
    failed.rest(100)
    assert choose_tab([failed, busy], job("j"), RULES, 104.9) is busy
    assert choose_tab([failed, busy], job("j"), RULES, 105) is failed


def test_when_something_failed_in_all_tabs_they_are_used_all_the_same() -> None:
    one, other = tab("one", busy=1), tab("other")
    one.rest(100)
    other.rest(100)
    assert choose_tab([one, other], job("j"), RULES, 101) is other
    assert choose_tab([one, tab("full", busy=2)], job("j"), RULES, 101) is one


def test_there_is_room_as_soon_as_one_working_tab_has_some() -> None:
    asked = tab("asked")
    asked.attention = "human check"
    assert not with_room([asked, tab("full", busy=2), tab("gone", link=None)], RULES)
    assert with_room([tab("full", busy=2), tab("free", busy=1)], RULES)
