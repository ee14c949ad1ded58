import pytest

from lmarena_bridge.core.errors import SiteRefused, TabLost
from lmarena_bridge.core.tabs.burst import Burst, Word
from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened
from lmarena_bridge.core.tabs.hearing import hear
from lmarena_bridge.core.tabs.messages import Cancel, End, Failed, Head, Release
from lmarena_bridge.core.tabs.tab import Tab
from support.play import hello, job, stream

HEAD, OPENED = Head(1, 200, {"a": "b"}), Opened(200, {"a": "b"}, "t1", "p")


def heard(*words: Word, tab: Tab | None = None) -> tuple[list[Delivery], Release | Cancel | None]:
    """What the job is told of these words of a stream that has just begun, and the tab after its end."""
    told: list[Delivery] = []
    goodbye = hear(words, stream(1, job("j"), tab=tab), told, 50.0)
    return told, goodbye


def test_a_short_answer_is_its_head_its_bytes_and_its_end() -> None:
    burst, end = Burst(1, 0, [b"ab", b"c"]), End(1, 3)
    assert heard(HEAD, burst) == ([OPENED, Arrived(b"abc")], None)
    assert heard(HEAD, burst, end) == ([OPENED, Arrived(b"abc"), Completed()], Release(1))
    # What comes after the end is late.
    assert heard(HEAD, burst, end, HEAD, burst) == ([OPENED, Arrived(b"abc"), Completed()], Release(1))


def test_what_is_said_again_after_a_reconnect_is_told_once() -> None:
    burst = Burst(1, 0, [b"abc"])
    assert heard(HEAD, burst, HEAD, burst) == ([OPENED, Arrived(b"abc")], None)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([End(1, 0)], "the tab sent 0 bytes, 0 arrived"),
        ([Burst(1, 0, [b"x"])], "bytes came before the head"),
        ([HEAD, End(1, 1)], "the tab sent 1 bytes, 0 arrived"),
        ([HEAD, Burst(1, 2, [b"x"])], "bytes 0 to 2 are missing"),
    ],
)
def test_lost_bytes_break_the_job_and_stop_the_fetch(words: list[Word], why: str) -> None:
    told, goodbye = heard(*words)
    assert goodbye == Cancel(1)
    assert told[:-1] == [OPENED] * words.count(HEAD)
    assert isinstance(told[-1], Broken)
    assert isinstance(told[-1].error, TabLost)
    assert why in told[-1].error.message


def test_a_fetch_that_failed_says_why_and_its_tab_rests_if_it_was_the_network() -> None:
    tab, other = Tab(hello(), 1), Tab(hello(), 1)
    for told, goodbye in (heard(Failed(1, "network"), tab=tab), heard(Failed(1, "refused"), tab=other)):
        assert goodbye == Release(1)
        (broken,) = told
        assert isinstance(broken, Broken)
        assert isinstance(broken.error, SiteRefused)
    assert (tab.rests_until > 50, other.rests_until) == (True, 0)
