"""The ledger against a model: tabs come, break and go, clients ask and leave, time passes, in any order.

Hypothesis looks for an order of events that breaks one of the promises of docs/reliability.md. The tabs here
keep to docs/tab-protocol.md; what they hold is what a real one would hold.
"""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Arrived, Broken, Close, Completed, Deliver, Effect, Opened, Send
from lmarena_bridge.core.tabs.ledger import TabLedger
from lmarena_bridge.core.tabs.rules import Rules
from support.play import SECRET, hello, job

RULES = Rules(window=64, jobs_per_tab=2, queue_limit=4, jobs_per_client=3)
CLIENTS = ("ann", "ben")
index = st.integers(0, 1_000_000)


@dataclass
class Fetched:
    """A stream as its tab has it: `sent` bytes of `length` have gone, `limit` may."""

    job: str
    length: int
    limit: int
    sent: int = 0
    opened: bool = False


@dataclass
class Page:
    """A tab. `link` None: its connection is broken."""

    name: str
    link: int | None
    streams: dict[int, Fetched] = field(default_factory=dict)


@dataclass
class Asked:
    """A job as its client sees it."""

    client: str
    opened: bool = False
    got: bytes = b""
    used: int = 0
    end: object = None


def content(stream: int, start: int, end: int) -> bytes:
    """What the site says: every byte tells where it belongs."""
    return bytes((stream * 31 + at) % 251 for at in range(start, end))


class TabsAndJobs(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ledger = TabLedger(RULES, secret=SECRET, version="0.1.0")
        self.now = 1000.0
        self.pages: list[Page] = []
        self.jobs: dict[str, Asked] = {}
        self.stream_of: dict[str, int] = {}
        self.lives: Counter[str] = Counter()
        self.links = 0

    # -- what the ledger says ------------------------------------------------------------------------------

    def perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(link, messages):
                    page = next((page for page in self.pages if page.link == link), None)
                    for message in messages:
                        if page is not None and not isinstance(message, bytes):
                            self.obey(page, message)
                case Close(link):
                    for page in self.pages:
                        page.link = None if page.link == link else page.link
                case Deliver(name, deliveries) if name in self.jobs:
                    for delivery in deliveries:
                        self.deliver(self.jobs[name], name, delivery)
                case _:
                    pass

    def obey(self, page: Page, message: m.ToTab) -> None:
        match message:
            case m.Fetch(number, name) if number not in page.streams:
                page.streams[number] = Fetched(name, 20 + number % 150, RULES.window)
                self.stream_of[name] = number
                self.lives[name] += 1
            case m.Credit(number, limit) if number in page.streams:
                assert limit >= page.streams[number].limit, "credit never falls"
                page.streams[number].limit = limit
            case m.Cancel(number) | m.Release(number):
                page.streams.pop(number, None)
            case m.Welcome(_, resumed):
                wanted = {each.stream: each for each in resumed}
                for number in set(page.streams) - set(wanted):
                    del page.streams[number]
                for number, each in wanted.items():
                    stream = page.streams[number]
                    stream.sent, stream.limit, stream.opened = each.expected, each.limit, False
            case _:
                pass

    def deliver(self, asked: Asked, name: str, delivery: object) -> None:
        assert asked.end is None, f"{name} was told something after its end"
        match delivery:
            case Opened():
                assert not asked.opened, "the head is told once"
                asked.opened = True
            case Arrived(payload):
                assert asked.opened
                asked.got += payload
            case Completed() | Broken():
                asked.end = delivery
            case _:
                pass

    # -- what happens --------------------------------------------------------------------------------------

    def page(self, at: int) -> Page | None:
        """One of the pages whose link holds."""
        linked = [page for page in self.pages if page.link is not None]
        return linked[at % len(linked)] if linked else None

    def greet(self, page: Page) -> None:
        self.links += 1
        page.link = self.links
        held = tuple(
            m.HeldStream(number, stream.job, max(0, stream.sent - RULES.window), stream.sent)
            for number, stream in page.streams.items()
        )
        self.perform(self.ledger.opened(self.links, self.now))
        said = m.encode(hello(page.name, streams=held))
        self.perform(self.ledger.heard(self.links, [said], self.now))

    def say(self, page: Page, message: m.FromTab) -> None:
        assert page.link is not None
        self.perform(self.ledger.heard(page.link, [m.encode(message)], self.now))

    @precondition(lambda self: len(self.pages) < 3)
    @rule()
    def tab_comes(self) -> None:
        page = Page(f"t{len(self.lives)}-{self.links}", None)
        self.pages.append(page)
        self.greet(page)

    @rule(at=index, lost=st.booleans())
    def link_breaks(self, at: int, lost: bool) -> None:
        """`lost`: the last bytes did not arrive, and the tab does not know."""
        if (page := self.page(at)) is not None and page.link is not None:
            link, page.link = page.link, None
            if lost:
                for stream in page.streams.values():
                    stream.sent = min(stream.length, stream.limit, stream.sent + 5)
            self.perform(self.ledger.lost(link, self.now, gone=False))

    @rule()
    def links_come_back(self) -> None:
        for page in self.pages:
            if page.link is None:
                self.greet(page)

    @rule(at=index, says_bye=st.booleans())
    def page_goes(self, at: int, says_bye: bool) -> None:
        if (page := self.page(at)) is not None and page.link is not None:
            self.pages.remove(page)
            if says_bye:
                self.say(page, m.Bye())
            self.perform(self.ledger.lost(page.link, self.now, gone=True))

    @rule(client=st.sampled_from(CLIENTS))
    def client_asks(self, client: str) -> None:
        name = f"j{len(self.jobs)}"
        self.jobs[name] = Asked(client)
        self.perform(self.ledger.submit(job(name, client=client), self.now))

    @rule(at=index)
    def client_leaves(self, at: int) -> None:
        if waiting := [name for name, asked in self.jobs.items() if asked.end is None]:
            name = waiting[at % len(waiting)]
            self.jobs[name].end = "left"
            self.perform(self.ledger.cancel(name, self.now))

    @rule(at=index, count=st.integers(1, 64))
    def client_reads(self, at: int, count: int) -> None:
        if hungry := [name for name, asked in self.jobs.items() if len(asked.got) > asked.used]:
            asked = self.jobs[hungry[at % len(hungry)]]
            taken = min(count, len(asked.got) - asked.used)
            asked.used += taken
            self.perform(self.ledger.used(hungry[at % len(hungry)], taken))

    @initialize()
    def somebody_asks(self) -> None:
        self.tab_comes()
        self.client_asks("ann")

    @rule(
        at=index,
        which=index,
        pieces=st.lists(st.tuples(st.integers(1, 64), st.integers(0, 8)), min_size=1),
        alone=st.booleans(),
    )
    def tab_sends_some(self, at: int, which: int, pieces: list[tuple[int, int]], alone: bool) -> None:
        for count, again in pieces:
            self.tab_sends(at, which, count, again, alone=alone)

    def tab_sends(self, at: int, which: int, count: int, again: int, *, alone: bool) -> None:
        """The next bytes, `again` of the last ones before them; the head first, the end last."""
        page = self.page(at)
        if page is None or page.link is None or not page.streams:
            return
        number = sorted(page.streams)[which % len(page.streams)]
        stream = page.streams[number]
        if not stream.opened:
            stream.opened = True
            self.say(page, m.Head(number, 200))
        end = min(stream.length, stream.limit, stream.sent + count)
        start = max(0, stream.sent - again)
        if end > stream.sent:
            stream.sent = end
            frame = m.encode_data(number, start, content(number, start, end))
            told = self.ledger.continued(page.link, frame, self.now) if alone else None
            if told is None:
                self.perform(self.ledger.heard(page.link, (frame,), self.now))
            else:
                self.deliver(self.jobs[told[0]], told[0], Arrived(told[1]))
        elif stream.sent == stream.length:
            self.say(page, m.End(number, stream.length))

    @rule(at=index, which=index)
    def fetch_fails(self, at: int, which: int) -> None:
        if (page := self.page(at)) is not None and page.streams:
            self.say(page, m.Failed(sorted(page.streams)[which % len(page.streams)], "network"))

    @rule(seconds=st.integers(1, 25), alive=st.booleans())
    def time_passes(self, seconds: int, alive: bool) -> None:
        for _ in range(seconds):
            self.now += 1
            for page in list(self.pages):
                if alive and page.link is not None:
                    self.say(page, m.Pong(self.now))
            self.perform(self.ledger.tick(self.now))

    # -- what always holds ---------------------------------------------------------------------------------

    @invariant()
    def clients_have_what_was_sent_and_all_of_it_when_it_is_complete(self) -> None:
        for name, asked in self.jobs.items():
            if asked.got:
                number = self.stream_of[name]
                assert asked.got == content(number, 0, len(asked.got))
                if isinstance(asked.end, Completed):
                    assert len(asked.got) == 20 + number % 150

    @invariant()
    def each_job_has_one_tab_at_most(self) -> None:
        assert all(count == 1 for count in self.lives.values())

    @invariant()
    def jobs_that_ended_are_no_jobs_any_more(self) -> None:
        assert self.ledger.jobs == sum(asked.end is None for asked in self.jobs.values())

    @invariant()
    def no_tab_and_no_client_has_more_than_allowed(self) -> None:
        assert all(tab.jobs <= RULES.jobs_per_tab for tab in self.ledger.tabs())
        running = self.ledger.jobs - sum(tab.jobs for tab in self.ledger.tabs())
        assert running <= RULES.queue_limit

    @invariant()
    def nobody_sends_further_ahead_than_the_window(self) -> None:
        for name, asked in self.jobs.items():
            assert len(asked.got) - asked.used <= RULES.window, name

    def teardown(self) -> None:
        """When all clients are gone, nothing is left of them: neither here nor in any tab."""
        for name, asked in self.jobs.items():
            if asked.end is None:
                asked.end = "left"
                self.perform(self.ledger.cancel(name, self.now))
        self.links_come_back()
        assert self.ledger.jobs == 0
        assert all(not page.streams for page in self.pages)
        assert all(tab.jobs == 0 for tab in self.ledger.tabs())


TestTabsAndJobs = TabsAndJobs.TestCase
TestTabsAndJobs.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
