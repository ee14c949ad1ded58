from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Deliver, PageJob, Send, Waiting
from lmarena_bridge.core.tabs.tab import Tab, commands, say, view
from support.play import hello, job, stream


def test_a_fetch_is_a_command_and_its_body() -> None:
    command, body = commands(5, job("j", body=b"{}"), 100)
    assert command == m.Fetch(5, "j", "PUT", "/do/j", {"a": "b"}, ("content-type",), True, 100)
    assert body == m.encode_body(5, b"{}")


def test_a_fetch_without_a_body_is_a_command_alone() -> None:
    (command,) = commands(5, job("j", body=b""), 100)
    assert isinstance(command, m.Fetch)
    assert not command.body


def test_the_page_source_needs_no_address() -> None:
    (command,) = commands(5, PageJob("j"), 100)
    assert command == m.Page(5, "j", 100)


def test_what_a_tab_was_told_is_kept_until_it_has_shown_that_it_knows() -> None:
    work = job("j")
    fetch = stream(5, work)
    assert fetch.order is work
    fetch.open()
    assert fetch.order is None


def test_nothing_is_said_to_a_tab_whose_link_is_broken() -> None:
    assert say(Tab(hello(), None), m.Cancel(1)) == []
    assert say(Tab(hello(), 3), m.Cancel(1), m.Release(2)) == [
        Send(3, (m.Cancel(1), m.Release(2))),
    ]


def test_a_tab_is_called_by_the_id_it_gave_itself() -> None:
    assert Tab(hello("mine"), 1).id == "mine"


def test_a_job_of_a_profile_goes_to_that_profile_only() -> None:
    tab = Tab(hello(profile="work"), 1)
    assert tab.serves(job("j"))
    assert tab.serves(job("j", profile="work"))
    assert not tab.serves(job("j", profile="home"))


def test_the_picture_of_a_tab_shows_no_secret() -> None:
    tab = Tab(hello(browser="Chromium 156"), None, attention="look", visibility="hidden")
    tab.streams[5] = stream(5, job("j"))
    picture = view(tab)
    assert (picture.tab, picture.browser, picture.visibility) == ("t1", "Chromium 156", "hidden")
    assert (picture.connected, picture.attention, picture.jobs) == (False, "look", 1)
    assert "secret" not in str(picture)


def test_a_tab_rests_longer_with_each_failure_in_a_row_and_no_longer_than_a_minute() -> None:
    tab = Tab(hello(), 1)
    rests = []
    for _ in range(12):
        tab.rest(100)
        rests.append(tab.rests_until - 100)
    assert rests == [5, 10, 20, 40] + [60] * 8
    tab.work_again()
    assert tab.rests_until == 0
    tab.rest(100)
    assert tab.rests_until == 105


def test_a_tab_rests_as_long_as_the_site_asks_within_reason() -> None:
    tab = Tab(hello(), 1)
    tab.rest(100, 30)
    assert tab.rests_until == 130
    tab.rest(100, 1)  # an earlier failure's rest is not cut short by it
    assert tab.rests_until == 130
    tab.rest(100, 86_400)
    assert tab.rests_until == 700


def test_when_a_job_was_told_anything_is_kept() -> None:
    running = stream(5, job("j"), now=100.0)
    assert running.tell(Waiting(), 110.0) == Deliver("j", (Waiting(),))
    assert running.told_at == 110.0
