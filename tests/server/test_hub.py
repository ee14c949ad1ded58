from collections.abc import Sequence
from functools import partial
from typing import cast

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Arrived, Completed, Opened
from lmarena_bridge.core.tabs.ledger import TabLedger
from lmarena_bridge.server.hub import TabHub
from lmarena_bridge.server.socket import TabSocket
from support.play import RULES, SECRET, hello, job

OPENED = Opened(200, {}, "t1", "p")


class Page:
    """A tab's socket, and what was sent to it."""

    def __init__(self) -> None:
        self.sent: list[tuple[bool, object]] = []

    def send(self, messages: Sequence[object], *, can_wait: bool = False) -> None:
        self.sent += [(can_wait, message) for message in messages]


def hub_with_a_tab() -> tuple[TabHub, Page, int]:
    hub = TabHub(TabLedger(RULES, secret=SECRET, version="0.1.0"), clock=lambda: 1000.0)
    page = Page()
    link = hub.opened(cast("TabSocket", page))
    hub.heard(link, [m.encode(hello())])
    page.sent.clear()
    return hub, page, link


def test_an_answer_may_come_whole_in_one_moment_and_its_tab_is_known_while_it_is_read() -> None:
    hub, page, link = hub_with_a_tab()
    with hub.run(job("j")) as deliveries:
        assert [can_wait for can_wait, _ in page.sent] == [False, False]
        moment = (m.encode(m.Head(1, 200)), m.encode_data(1, 0, b"abc"), m.encode(m.End(1, 3)))
        hub.heard(link, moment)
        assert deliveries.take() == Opened(200, {}, "t1", "p")
        assert hub.tab_of("j") == "t1"
        assert deliveries.take() == Arrived(b"abc")
        assert deliveries.take() == Completed()
        assert deliveries.take() is None
    assert hub.tab_of("j") is None
    # That it may forget the stream is said when there is something else to say.
    assert page.sent[2:] == [(True, m.Release(1))]


def test_leaving_early_stops_the_fetch_at_once() -> None:
    hub, page, _ = hub_with_a_tab()
    with hub.run(job("j")):
        pass
    assert page.sent[2:] == [(False, m.Cancel(1))]
    assert hub.jobs == 0


def test_bytes_that_come_alone_reach_who_waits_for_them() -> None:
    hub, _, link = hub_with_a_tab()
    with hub.run(job("j")) as deliveries:
        assert not hub.continued(link, m.encode_data(1, 0, b"abc"))
        hub.heard(link, [m.encode(m.Head(1, 200))])
        assert hub.continued(link, m.encode_data(1, 0, b"abc"))
        assert deliveries.take() == Opened(200, {}, "t1", "p")
        assert deliveries.take() == Arrived(b"abc")


def open_streams(hub: TabHub, link: int, *streams: int) -> None:
    hub.heard(link, [m.encode(m.Head(stream, 200)) for stream in streams])


async def test_pieces_of_different_answers_in_one_read_go_the_way_of_those_that_come_alone() -> None:
    hub, _, link = hub_with_a_tab()
    with hub.run(job("j")) as first, hub.run(job("k")) as second:
        open_streams(hub, link, 1, 2)
        passed: list[bytes] = []

        def passes(payload: bytes) -> bool:
            passed.append(payload)
            return True

        for deliveries in (first, second):
            assert deliveries.take() == OPENED
            deliveries.short_cut(passes)
            deliveries.arrival()
        a, b = (partial(m.encode_data, stream) for stream in (1, 2))
        hub.heard(link, [a(0, b"one"), b(0, b"two"), a(3, b"three"), b(3, b"four"), b(7, b"five")])
        # The last two are a burst: one write.
        assert passed == [b"one", b"two", b"three"]
        assert (first.take(), second.take()) == (None, Arrived(b"fourfive"))
        hub.heard(link, [a(8, b"six"), b(11, b"seven"), m.encode(m.End(2, 16))])
        # So is what comes right before the end.
        assert passed[3:] == [b"six"]
        assert [second.take(), second.take()] == [Arrived(b"seven"), Completed()]


async def test_what_comes_for_two_jobs_in_one_moment_is_read_by_both() -> None:
    hub, _, link = hub_with_a_tab()
    with hub.run(job("j")) as first, hub.run(job("k")) as second:
        waiting = [first.arrival(lambda: first.is_ending), second.arrival(lambda: second.is_ending)]
        heads = [m.encode(m.Head(stream, 200)) for stream in (1, 2)]
        hub.heard(link, [*heads, m.encode_data(1, 0, b"abc"), m.encode(m.End(2, 0)), m.encode(m.End(1, 3))])
        assert [each.done() for each in waiting] == [True, True]
        assert [first.take(), first.take(), first.take()] == [OPENED, Arrived(b"abc"), Completed()]
        assert [second.take(), second.take()] == [OPENED, Completed()]
