import pytest

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.roster import Roster
from support.play import Play, hello


def test_a_good_hello_is_welcomed() -> None:
    said = Play().tab("t1", link=4)
    assert said.sent == [(4, m.Welcome("0.1.0"))]
    assert said.changed == [("t1", "connected")]


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        (hello(secret="another"), m.CLOSE_SECRET),
        (hello(secret="ü"), m.CLOSE_SECRET),
        (hello(version="0.0.9"), m.CLOSE_OUTDATED),
        (hello(version="new"), m.CLOSE_OUTDATED),
        (hello(version="²"), m.CLOSE_OUTDATED),
    ],
)
def test_a_bad_hello_closes_the_link_and_says_why(greeting: m.Hello, code: int) -> None:
    play = Play()
    said = play.greet(greeting)
    assert said.closed == [(1, code)]
    assert said.sent == []
    assert play.ledger.tabs() == ()


@pytest.mark.parametrize("version", ["0.1", "0.1.0", "0.1.0rc1", "0.2", "1.0.dev3", "10.0"])
def test_a_script_as_new_as_the_protocol_is_welcome(version: str) -> None:
    assert Play().greet(hello(version=version)).closed == []


def test_hello_is_said_once() -> None:
    play = Play()
    play.tab()
    assert play.say(hello()).closed == [(1, m.CLOSE_MALFORMED)]


def test_hello_of_a_link_nobody_knows_is_not_heard() -> None:
    assert Play().say(hello(), link=9).effects == []


def test_a_link_without_hello_is_closed() -> None:
    play = Play()
    play.ledger.opened(1, play.now)
    assert play.pass_time(4).closed == []
    assert play.pass_time(1).closed == [(1, m.CLOSE_SILENT)]
    assert play.pass_time(60).closed == []


def test_the_server_pings_and_an_answer_keeps_the_tab() -> None:
    play = Play()
    play.tab()
    for _ in range(10):
        assert play.pass_time(5).sent == [(1, m.Ping(play.now))]
        play.say(m.Pong(play.now))
    assert play.pass_time(1).sent == []


def test_a_silent_tab_is_let_go_as_a_broken_link() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    play.pass_time(14)
    said = play.pass_time(1)
    assert said.closed == [(1, m.CLOSE_SILENT)]
    assert said.changed == [("t1", "lost its connection")]
    assert [tab.connected for tab in play.ledger.tabs()] == [False]


def test_a_newer_link_of_the_same_tab_closes_the_older_and_its_end_changes_nothing() -> None:
    play = Play()
    play.tab("t1", link=1)
    said = play.tab("t1", link=2)
    assert said.closed == [(1, m.CLOSE_REPLACED)]
    assert said.sent == [(2, m.Welcome("0.1.0"))]
    assert play.lost(1, gone=True).effects == []
    assert [tab.connected for tab in play.ledger.tabs()] == [True]


def test_what_to_look_for_is_told_to_tabs_that_come_later() -> None:
    play = Play()
    play.ledger.capture("pattern")
    assert play.tab().sent == [(1, m.Welcome("0.1.0", (), "pattern"))]


def test_a_tab_that_comes_back_is_reminded_that_it_needs_attention() -> None:
    play = Play()
    play.tab()
    play.ledger.needs_attention("t1", "look")
    play.lost()
    said = play.back(2)
    assert said.sent == [(2, m.Welcome("0.1.0")), (2, m.Attention("look"))]
    assert said.changed == [("t1", "link is back")]


def test_a_tab_that_does_not_come_back_is_forgotten() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    play.lost()
    assert play.pass_time(19.9).changed == []
    assert play.pass_time(0.1).changed == [("t1", "left")]
    assert play.ledger.tabs() == ()


def test_a_link_nobody_knows_is_neither_heard_nor_missed() -> None:
    play = Play()
    play.tab()
    assert play.say(m.Pong(1), link=9).closed == [(9, m.CLOSE_MALFORMED)]
    assert play.lost(9).effects == []
    assert [tab.connected for tab in play.ledger.tabs()] == [True]


def test_a_page_that_says_goodbye_is_forgotten_with_its_link() -> None:
    play = Play()
    play.tab()
    assert play.say(m.Bye()).changed == [("t1", "left")]
    assert play.say(m.Pong(1)).closed == [(1, m.CLOSE_MALFORMED)]
    assert play.ledger.tabs() == ()


def test_with_another_secret_nobody_is_connected_any_more() -> None:
    roster = Roster(secret="one", version="0.1.0")
    roster.opened(1, 0)
    assert [(close.link, close.code) for close in roster.pair_anew("two")] == [(1, m.CLOSE_SECRET)]
    assert roster.heard(1, 0) is None
    assert roster.pair_anew("three") == []
