from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.errors import SiteRefused, Stopping, TabLost
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import (
    Arrived,
    CapturedPath,
    Completed,
    Delivery,
    Opened,
    TabChanged,
)
from lmarena_bridge.core.tabs.rules import Rules
from support.play import RULES, Play, Said, hello

Act = Callable[[Play], Said]

ANSWER = 'a0:"Zażółć gęślą jaźń 🦔"\n'.encode()


@pytest.fixture(params=[False, True], ids=["heard", "alone"])
def play(request: pytest.FixtureRequest) -> Play:
    """A tab on link 1 that works on job j as stream 1."""
    play = Play(alone=request.param)
    play.tab()
    play.submit("j")
    return play


# -- an answer ---------------------------------------------------------------------------------------------


def test_an_answer_comes_as_head_bytes_and_end(play: Play) -> None:
    assert play.say(m.Head(1, 200, {"a": "b"})).delivered == [("j", Opened(200, {"a": "b"}, "t1", "p"))]
    assert play.data(1, 0, b"abc").delivered == [("j", Arrived(b"abc"))]
    assert play.data(1, 3, b"de").delivered == [("j", Arrived(b"de"))]
    assert play.say(m.End(1, 5)).delivered == [("j", Completed())]


def test_a_job_is_known_until_it_has_ended(play: Play) -> None:
    assert play.ledger.knows("j")
    play.say(m.Head(1, 200))
    assert play.ledger.knows("j")
    play.say(m.End(1, 0))
    assert not play.ledger.knows("j")


def test_what_comes_in_one_moment_is_heard_in_order(play: Play) -> None:
    text = b"a page"
    moment: list[str | bytes] = [
        m.encode(m.Head(1, 200)),
        m.encode_data(1, 0, text),
        m.encode(m.End(1, len(text))),
        m.encode_data(1, len(text), b"late"),
        m.encode(m.Bye()),
        m.encode(m.State("hidden")),
        m.encode(m.Pong(1)),
    ]
    said = Said(play.ledger.heard(1, moment, play.now))
    told = [("j", Opened(200, {}, "t1", "p")), ("j", Arrived(text)), ("j", Completed())]
    assert said.delivered == told
    assert said.changed == [("t1", "left")]
    # After its goodbye a tab has nothing more to say.
    assert said.closed == [(1, m.CLOSE_MALFORMED)]


def test_bytes_that_came_before_are_delivered_once(play: Play) -> None:
    play.say(m.Head(1, 200))
    play.data(1, 0, b"abc")
    assert play.data(1, 0, b"abc").effects == []
    assert play.data(1, 1, b"bcd").delivered == [("j", Arrived(b"d"))]


@pytest.mark.parametrize(
    "breach",
    [
        lambda play: play.data(1, 4, b"gap"),
        lambda play: play.data(1, 0, b"x" * (RULES.window + 1)),
        lambda play: play.say(m.End(1, 4)),
    ],
)
def test_lost_or_forged_bytes_fail_the_job_and_stop_the_fetch(play: Play, breach: Act) -> None:
    play.say(m.Head(1, 200))
    play.data(1, 0, b"abc")
    said = breach(play)
    assert said.broken == [("j", TabLost)]
    assert said.sent == [(1, m.Cancel(1))]
    assert play.ledger.jobs == 0


def test_an_end_before_the_head_is_no_answer(play: Play) -> None:
    assert play.say(m.End(1, 0)).broken == [("j", TabLost)]


def test_a_fetch_that_failed_says_why(play: Play) -> None:
    said = play.say(m.Failed(1, "network", "offline"))
    assert said.broken == [("j", SiteRefused)]
    assert said.sent == [(1, m.Release(1))]


def test_late_words_of_a_job_that_ended_have_no_effect(play: Play) -> None:
    play.cancel("j")
    assert play.say(m.Head(1, 200)).effects == []
    assert play.data(1, 0, b"late").effects == []
    assert play.say(m.End(1, 4)).effects == []


def test_a_tab_speaks_for_its_own_streams_only(play: Play) -> None:
    play.tab("t2", link=2)
    assert play.data(1, 0, b"forged", link=2).effects == []
    assert play.say(m.Failed(1, "network"), link=2).effects == []
    assert play.ledger.jobs == 1


def test_a_freed_tab_takes_the_next_job(play: Play) -> None:
    play.submit("b")
    play.submit("c")
    said = play.say(m.Failed(1, "network"))
    assert said.started == ["c"]


def test_the_next_bytes_of_an_answer_may_come_alone_and_nothing_else(play: Play) -> None:
    def alone(offset: int, payload: bytes, stream: int = 1, link: int = 1) -> tuple[str, bytes] | None:
        return play.ledger.continued(link, m.encode_data(stream, offset, payload), play.now)

    assert alone(0, b"before the head") is None
    play.say(m.Head(1, 200))
    assert alone(0, b"abc") == ("j", b"abc")
    assert [alone(0, b"abc"), alone(2, b"cd"), alone(4, b"e"), alone(3, b"x" * 98)] == [None] * 4
    assert [alone(3, b""), alone(3, b"of another", stream=2), alone(3, b"from nobody", link=9)] == [None] * 3
    assert play.ledger.continued(1, b"short", play.now) is None
    play.ledger.opened(2, play.now)
    assert alone(3, b"before hello", link=2) is None
    assert alone(3, b"d" * 97) == ("j", b"d" * 97)
    play.ledger.used("j", 100)
    play.say(m.End(1, 100))
    assert alone(100, b"late") is None


@given(st.lists(st.tuples(st.integers(-4, 4), st.binary(max_size=40), st.integers(1, 2), st.integers(0, 60))))
def test_bytes_mean_the_same_whether_they_come_alone_or_not(
    pieces: list[tuple[int, bytes, int, int]],
) -> None:
    plays = Play(), Play(alone=True)
    for play in plays:
        play.tab()
        play.submit("j")
        play.say(m.Head(1, 200))
        play.submit("headless")
    sent = 0
    for shift, payload, stream, used in pieces:
        # Most continue what was sent; the others repeat some of it, or leave some out.
        at = max(0, sent + (shift if abs(shift) > 2 else 0))
        sent = max(sent, at + len(payload))
        heard, alone = (play.data(stream, at, payload) for play in plays)
        assert (alone.sent, alone.closed, alone.broken) == (heard.sent, heard.closed, heard.broken)
        assert _bytes(alone.delivered) == _bytes(heard.delivered)
        told = [play.ledger.used("j", used) for play in plays]
        assert told[0] == told[1]
        if heard.closed:
            break


def test_a_frame_larger_than_a_tab_may_send_never_comes_alone() -> None:
    play = Play(Rules(window=2 * m.MAX_DATA_BYTES), alone=True)
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    assert play.data(1, 0, bytes(m.MAX_DATA_BYTES)).delivered == [("j", Arrived(bytes(m.MAX_DATA_BYTES)))]
    assert play.data(1, m.MAX_DATA_BYTES, bytes(m.MAX_DATA_BYTES + 1)).closed == [(1, m.CLOSE_MALFORMED)]


def test_bytes_that_come_alone_are_a_sign_of_life_of_their_tab_and_their_answer() -> None:
    play = Play(replace(RULES, answer_timeout=20, window=1000), alone=True)
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    for second in range(40):
        play.data(1, second, b"x")
        said = play.pass_time(1)
        assert (said.closed, said.delivered) == ([], [])


# -- what else a tab says ----------------------------------------------------------------------------------


def test_a_tab_tells_whether_it_is_seen(play: Play) -> None:
    assert play.say(m.State("frozen")).changed == [("t1", "is frozen")]
    assert play.ledger.tabs()[0].visibility == "frozen"


def test_a_captured_path_is_passed_on_with_the_profile(play: Play) -> None:
    assert play.say(m.Captured("/x")).effects == [CapturedPath("t1", "p", "/x")]
    assert [message for _, message in Said(play.ledger.capture("p+")).sent] == [m.Capture("p+")]


def test_words_of_a_later_version_are_passed_over(play: Play) -> None:
    (effect,) = play.text('{"type":"sing"}').effects
    assert isinstance(effect, TabChanged)
    assert "'sing'" in effect.what


@pytest.mark.parametrize("speak", [lambda p: p.text("{"), lambda p: p.frame(b"x"), lambda p: p.text("[]")])
def test_malformed_words_close_that_link_only(play: Play, speak: Act) -> None:
    play.tab("t2", link=2)
    said = speak(play)
    assert said.closed == [(1, m.CLOSE_MALFORMED)]
    assert said.delivered == []
    assert [(tab.tab, tab.connected) for tab in play.ledger.tabs()] == [("t1", False), ("t2", True)]


def test_nothing_may_be_said_before_hello() -> None:
    play = Play()
    play.ledger.opened(1, play.now)
    assert play.say(m.Pong(1)).closed == [(1, m.CLOSE_MALFORMED)]
    play.ledger.opened(2, play.now)
    assert play.data(1, 0, b"x", link=2).closed == [(2, m.CLOSE_MALFORMED)]


# -- attention ---------------------------------------------------------------------------------------------


def test_a_tab_that_needs_attention_gets_no_work_until_the_person_was_there(play: Play) -> None:
    assert Said(play.ledger.needs_attention("t1", "look")).sent == [(1, m.Attention("look"))]
    assert play.submit("next").sent == []
    said = play.say(m.Attended())
    assert said.sent[0] == (1, m.Attention(None))
    assert isinstance(said.sent[1][1], m.Fetch)
    assert play.say(m.Attended()).effects == []


def test_attention_for_a_tab_that_left_is_no_concern(play: Play) -> None:
    assert play.ledger.needs_attention("t9", "look") == []
    assert play.ledger.attended("t9", play.now) == []


# -- tabs come, break and go -------------------------------------------------------------------------------


def test_the_profiles_are_those_of_tabs_that_can_work(play: Play) -> None:
    play.tab("t2", link=2)
    assert play.ledger.profiles() == {"p"}
    play.ledger.needs_attention("t1", "look")
    play.ledger.needs_attention("t2", "look")
    assert play.ledger.profiles() == frozenset()


@pytest.mark.parametrize("leave", [lambda p: p.say(m.Bye()), lambda p: p.lost(gone=True)])
def test_a_page_that_goes_takes_its_own_jobs_only(play: Play, leave: Act) -> None:
    play.tab("t2", link=2)
    play.submit("other")
    said = leave(play)
    assert said.broken == [("j", TabLost)]
    assert [tab.tab for tab in play.ledger.tabs()] == ["t2"]
    assert play.ledger.jobs == 1


def test_after_goodbye_the_end_of_the_link_means_nothing(play: Play) -> None:
    play.say(m.Bye())
    assert play.lost(gone=True).effects == []


def test_a_broken_link_without_work_needs_no_patience() -> None:
    play = Play()
    play.tab()
    assert play.lost().changed == [("t1", "left")]


def test_a_waiting_job_goes_to_another_tab_when_one_leaves(play: Play) -> None:
    play.tab("t2", link=2)
    for name in ("a", "b", "c", "d"):
        play.submit(name)
    said = play.cancel("a")
    assert said.started == ["d"]


def test_a_broken_link_is_resumed_from_the_byte_that_is_missing(play: Play) -> None:
    play.say(m.Head(1, 200))
    play.data(1, 0, b"abcdef")
    play.ledger.used("j", 30)
    assert play.lost().delivered == []
    said = play.back(2, m.HeldStream(1, "j", 0, 9))
    assert said.sent == [(2, m.Welcome("0.1.0", (m.Resumed(1, 6, 130),)))]
    assert play.say(m.Head(1, 200), link=2).effects == []
    assert play.data(1, 6, b"ghi", link=2).delivered == [("j", Arrived(b"ghi"))]
    assert play.say(m.End(1, 9), link=2).delivered == [("j", Completed())]


def test_a_fetch_that_never_reached_the_tab_is_sent_again(play: Play) -> None:
    play.lost()
    said = play.back(2)
    assert said.sent[0] == (2, m.Welcome("0.1.0"))
    assert isinstance(said.sent[1][1], m.Fetch)
    assert said.sent[2] == (2, (1, b"{}"))


@pytest.mark.parametrize(
    "held",
    [
        (),  # it had the stream and forgot it
        (m.HeldStream(1, "j", 4, 9),),  # what we need next it has thrown away
        (m.HeldStream(1, "j", 0, 2),),  # it says that it has sent less than we got
        (m.HeldStream(1, "another server's", 0, 9),),
    ],
)
def test_what_the_tab_does_not_hold_any_more_is_lost(play: Play, held: tuple[m.HeldStream, ...]) -> None:
    play.say(m.Head(1, 200))
    play.data(1, 0, b"abc")
    play.lost()
    said = play.back(2, *held)
    assert said.broken == [("j", TabLost)]
    assert said.sent[0] == (2, m.Welcome("0.1.0"))


def test_a_tab_that_comes_back_to_a_cancelled_job_is_told_to_forget_it(play: Play) -> None:
    play.say(m.Head(1, 200))
    play.lost()
    assert play.cancel("j").sent == []
    assert play.back(2, m.HeldStream(1, "j", 0, 9)).sent == [(2, m.Welcome("0.1.0"))]


def test_a_job_whose_tab_does_not_come_back_is_told(play: Play) -> None:
    play.lost()
    assert play.pass_time(20).broken == [("j", TabLost)]


def test_new_rules_hold_from_now_on(play: Play) -> None:
    play.ledger.rules = replace(play.ledger.rules, jobs_per_tab=1)
    assert play.submit("next").sent == []


def test_a_tab_with_a_wrong_secret_is_no_tab() -> None:
    play = Play()
    assert play.greet(hello(secret="guessed")).closed == [(1, m.CLOSE_SECRET)]
    assert play.submit("j").sent == []


def test_a_silent_tab_keeps_its_jobs_for_a_while(play: Play) -> None:
    play.pass_time(14)
    said = play.pass_time(1)
    assert (said.closed, said.delivered) == ([(1, m.CLOSE_SILENT)], [])
    assert play.back(2, m.HeldStream(1, "j", 0, 0)).sent == [
        (2, m.Welcome("0.1.0", (m.Resumed(1, 0, RULES.window),)))
    ]


def test_an_answer_to_a_ping_says_no_more_than_that_the_tab_lives(play: Play) -> None:
    assert play.say(m.Pong(play.now)).effects == []


def test_a_server_that_stops_takes_no_more_jobs(play: Play) -> None:
    assert play.ledger.stop() == []
    with pytest.raises(Stopping):
        play.submit("next")


# -- every cut ---------------------------------------------------------------------------------------------


def answer_in_pieces(play: Play, cuts: list[int]) -> bytes:
    """The answer with the link broken at each cut, where the tab had sent on without being heard."""
    play.say(m.Head(1, 200))
    link, got = 1, b""
    for start, end in zip([0, *cuts], [*cuts, len(ANSWER)], strict=True):
        if start < end:
            got += _bytes(play.data(1, start, ANSWER[start:end], link=link).delivered)
        if end < len(ANSWER):
            play.lost(link)
            link += 1
            said = play.back(link, m.HeldStream(1, "j", 0, min(len(ANSWER), end + 5)))
            assert said.sent == [(link, m.Welcome("0.1.0", (m.Resumed(1, end, RULES.window),)))]
            assert play.say(m.Head(1, 200), link=link).effects == []
    assert play.say(m.End(1, len(ANSWER)), link=link).delivered == [("j", Completed())]
    return got


def _bytes(delivered: list[tuple[str, Delivery]]) -> bytes:
    return b"".join(what.payload for _, what in delivered if isinstance(what, Arrived))


@pytest.mark.parametrize("cut", range(len(ANSWER)))
def test_a_link_that_breaks_anywhere_loses_and_doubles_nothing(play: Play, cut: int) -> None:
    assert answer_in_pieces(play, [cut]) == ANSWER


def test_a_link_that_breaks_after_every_byte_loses_and_doubles_nothing(play: Play) -> None:
    assert answer_in_pieces(play, list(range(1, len(ANSWER)))) == ANSWER


@given(st.lists(st.integers(0, len(ANSWER) - 1)).map(sorted), st.booleans())
def test_a_link_that_breaks_again_and_again_loses_and_doubles_nothing(cuts: list[int], alone: bool) -> None:
    play = Play(alone=alone)
    play.tab()
    play.submit("j")
    assert answer_in_pieces(play, cuts) == ANSWER


# -- tabs that rest ----------------------------------------------------------------------------------------


def next_tab(play: Play) -> int:
    """The link over which the next job goes."""
    ((link, _), *_) = play.submit("next").sent
    return link


def test_a_fetch_that_the_network_broke_lets_its_tab_rest(play: Play) -> None:
    play.tab("t2", link=2)
    play.say(m.Failed(1, "network", "offline"))
    assert next_tab(play) == 2


def test_a_fetch_that_failed_for_another_reason_is_not_the_tabs_fault(play: Play) -> None:
    play.tab("t2", link=2)
    play.say(m.Failed(1, "redirected"))
    assert next_tab(play) == 1


def test_a_tab_rests_when_what_came_through_it_was_no_answer_until_one_comes(play: Play) -> None:
    play.tab("t2", link=2)
    play.cancel("j")
    assert Said(play.ledger.troubled("t1", play.now, 30)).changed == [
        ("t1", "rests for 30 s after a failure")
    ]
    assert next_tab(play) == 2
    play.cancel("next")
    play.ledger.worked("t1")
    assert next_tab(play) == 1


def test_of_a_tab_that_is_gone_nothing_is_noted(play: Play) -> None:
    assert play.ledger.troubled("gone", play.now) == []
    play.ledger.worked("gone")


def test_a_renewed_secret_sends_all_tabs_away_and_admits_only_who_knows_it(play: Play) -> None:
    play.ledger.opened(2, play.now)
    said = Said(play.ledger.pair_anew("another", play.now))
    assert said.closed == [(1, m.CLOSE_SECRET), (2, m.CLOSE_SECRET)]
    assert said.broken == [("j", TabLost)]
    assert play.ledger.tabs() == ()
    assert play.lost(1).effects == []
    assert play.greet(hello("t2"), link=3).closed == [(3, m.CLOSE_SECRET)]
    assert play.greet(hello("t2", secret="another"), link=4).closed == []


def test_the_tab_that_works_on_a_job_can_be_named() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    assert play.ledger.tab_of("j") == play.ledger.tabs()[0].tab
