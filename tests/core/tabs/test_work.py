from dataclasses import replace

import pytest

from lmarena_bridge.core.errors import Busy, NoTab, Stopping, TabSilent
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Broken, Completed, Waiting
from support.play import RULES, Play, Said


def why(said: Said) -> str:
    """Whose job was refused because of a limit, and which."""
    ((name, what),) = said.delivered
    assert isinstance(what, Broken)
    assert isinstance(what.error, Busy)
    assert what.error.retry_after
    sentence, _, advice = what.error.message.partition(". ")
    return f"{name}: {sentence}; {advice.split(' in config')[0].split()[-1]}"


def test_a_job_goes_to_the_tab_at_once_with_its_body() -> None:
    play = Play()
    play.tab(link=7)
    fetch = m.Fetch(1, "j", "PUT", "/do/j", {"a": "b"}, ("content-type",), True, RULES.window)
    assert play.submit("j").sent == [(7, fetch), (7, (1, b"{}"))]


def test_a_job_without_a_tab_waits_for_one() -> None:
    play = Play()
    assert play.submit("j").effects == []
    assert play.ledger.jobs == 1
    assert isinstance(play.tab().sent[1][1], m.Fetch)


def test_which_tab_works_on_a_job_is_known_while_it_does() -> None:
    play = Play()
    play.submit("j")
    assert play.ledger.tab_of("j") is None
    play.tab(link=7)
    assert play.ledger.tab_of("j") == play.ledger.tabs()[0].tab
    play.cancel("j")
    assert play.ledger.tab_of("j") is None


def test_a_job_is_known_while_it_waits_and_while_it_runs() -> None:
    play = Play()
    play.submit("j")
    assert play.ledger.knows("j")
    play.tab()
    assert play.ledger.knows("j")
    play.cancel("j")
    assert not play.ledger.knows("j")


def test_a_job_for_which_no_tab_comes_is_told_after_a_short_grace() -> None:
    play = Play()
    play.submit("j")
    assert play.pass_time(4.9).delivered == []
    assert play.pass_time(0.1).broken == [("j", NoTab)]
    assert play.ledger.jobs == 0


def test_a_job_waits_longer_for_a_tab_that_is_busy() -> None:
    play = Play()
    play.tab()
    for name in ("a", "b", "c"):
        play.submit(name)
    told = [what for name, what in play.alive_for(59).delivered if name == "c"]
    assert told == [Waiting()] * 5
    assert play.pass_time(1).broken == [("c", Busy)]


def test_jobs_start_in_the_order_in_which_they_came_when_there_is_room() -> None:
    play = Play()
    play.tab()
    for name in ("a", "b", "c", "d"):
        play.submit(name)
    assert play.cancel("a").started == ["c"]
    assert play.cancel("b").started == ["d"]


def test_a_job_that_no_tab_may_take_does_not_hold_up_the_others() -> None:
    play = Play()
    play.tab(profile="p")
    play.submit("other", profile="q")
    assert play.submit("mine", profile="p").sent


def test_the_line_has_an_end() -> None:
    play = Play()
    for name in ("a", "b", "c"):
        play.submit(name)
    assert why(play.submit("d")) == "d: 3 requests are already waiting for a tab; queue_limit"
    assert play.ledger.jobs == 3


def test_a_job_that_can_start_at_once_needs_no_place_in_line() -> None:
    play = Play(replace(RULES, queue_limit=0))
    play.tab()
    assert play.submit("a").started == ["a"]


def test_stream_numbers_are_never_used_again() -> None:
    play = Play()
    play.tab()
    numbers = []
    for name in ("a", "b", "c"):
        numbers += [message.stream for _, message in play.submit(name).sent if isinstance(message, m.Fetch)]
        play.cancel(name)
    assert numbers == [1, 2, 3]


def test_cancel_tells_the_tab_once_and_only_of_what_runs() -> None:
    play = Play()
    play.submit("waiting")
    assert play.cancel("waiting").effects == []
    play.tab()
    play.submit("running")
    assert play.cancel("running").sent == [(1, m.Cancel(1))]
    assert play.cancel("running").effects == []
    assert play.cancel("never seen").effects == []
    assert play.ledger.jobs == 0


def test_credit_follows_what_the_owner_has_taken() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    play.data(1, 0, b"x" * 60)
    assert play.ledger.used("j", 10) == []
    assert play.ledger.used("nobody", 10) == []
    credit = play.ledger.used("j", 50)
    assert Said(credit).sent == [(1, m.Credit(1, 160))]


def test_an_answer_that_falls_silent_ends_and_the_fetch_with_it() -> None:
    play = Play(replace(RULES, answer_timeout=30))
    play.tab()
    play.submit("j")
    assert play.alive_for(29).broken == []
    said = play.pass_time(1)
    assert said.broken == [("j", TabSilent)]
    assert (1, m.Cancel(1)) in said.sent


def test_a_client_that_does_not_read_is_not_the_tabs_silence() -> None:
    play = Play(replace(RULES, answer_timeout=30))
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    play.data(1, 0, b"x" * 100)
    assert play.alive_for(90).broken == []


def test_an_owner_hears_that_it_still_takes_time() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    assert play.alive_for(25).delivered == [("j", Waiting()), ("j", Waiting())]


def test_the_last_word_of_the_tab_ends_the_job_and_frees_the_tab() -> None:
    play = Play()
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    said = play.say(m.End(1, 0))
    assert said.delivered == [("j", Completed())]
    assert said.sent == [(1, m.Release(1))]
    assert play.ledger.jobs == 0


def test_while_stopping_those_in_line_are_told_and_those_that_run_go_on() -> None:
    play = Play()
    play.tab()
    for name in ("a", "b", "c"):
        play.submit(name)
    assert Said(play.ledger.stop()).broken == [("c", Stopping)]
    with pytest.raises(Stopping):
        play.submit("d")
    assert play.ledger.jobs == 2


def test_a_tab_in_which_an_answer_fell_silent_rests() -> None:
    play = Play(replace(RULES, answer_timeout=3, jobs_per_tab=1))
    play.tab("t1", link=1)
    play.submit("j")
    play.alive_for(3)
    play.tab("t2", link=2)
    ((link, _), *_) = play.submit("next").sent
    assert link == 2


# -- clients take turns ------------------------------------------------------------------------------------


def test_clients_take_turns_however_many_jobs_one_of_them_has_in_line() -> None:
    play = Play(replace(RULES, queue_limit=100, jobs_per_tab=1))
    play.tab()
    play.submit("running", client="greedy")
    for name in ("a1", "a2", "a3"):
        play.submit(name, client="greedy")
    for name in ("b1", "b2"):
        play.submit(name, client="modest")
    order = ["running"]
    for _ in range(5):
        order += play.cancel(order[-1]).started
    assert order == ["running", "a1", "b1", "a2", "b2", "a3"]


def test_a_client_may_only_get_so_many_answers_at_once() -> None:
    play = Play(replace(RULES, jobs_per_tab=9, jobs_per_client=2))
    play.tab()
    started = [play.submit(name, client="one").started for name in ("a", "b", "c")]
    assert started == [["a"], ["b"], []]
    assert play.submit("d", client="other").started == ["d"]
    assert why(Said(play.alive_for(60).effects[-1:])) == (
        "c: This API key already gets 2 answers at the same time; jobs_per_key"
    )
    play.submit("e", client="one")
    assert play.cancel("a").started == ["e"]


def test_a_client_may_only_have_so_many_in_line() -> None:
    play = Play(replace(RULES, queue_limit_per_client=1))
    play.submit("a", client="one")
    assert why(play.submit("b", client="one")) == (
        "b: 1 requests of this API key are already waiting for a tab; queue_limit_per_key"
    )
    assert play.submit("c", client="other").effects == []
    assert play.ledger.jobs == 2


def test_in_a_full_line_whoever_takes_most_of_it_gives_up_their_last_place() -> None:
    play = Play()
    for name in ("a1", "a2", "a3"):
        play.submit(name, client="greedy")
    assert (
        why(play.submit("b1", client="modest")) == "a3: 3 requests are already waiting for a tab; queue_limit"
    )
    assert (
        why(play.submit("b2", client="modest")) == "b2: 3 requests are already waiting for a tab; queue_limit"
    )
    assert play.tab().started == ["a1", "b1"]


def test_what_the_person_allows_now_is_begun_with_the_next_event_and_told_to_the_tab() -> None:
    play = Play(replace(RULES, queue_limit=1))
    play.tab()
    for name in ("a", "b", "c"):
        play.submit(name)
    play.ledger.rules = replace(RULES, queue_limit=0, jobs_per_tab=3)
    said = play.submit("d")
    assert said.started == ["c"]
    assert said.broken == [("d", Busy)]
