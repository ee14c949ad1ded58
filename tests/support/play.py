"""A play for the ledger: what tabs and owners say goes in, what comes out is read back in plain values."""

import msgspec

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import (
    Arrived,
    Broken,
    Close,
    Deliver,
    Delivery,
    Effect,
    FetchJob,
    Job,
    Send,
    TabChanged,
)
from lmarena_bridge.core.tabs.flow import Inflow
from lmarena_bridge.core.tabs.ledger import TabLedger
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Stream, Tab

SECRET = "the pairing secret"
RULES = Rules(window=100, jobs_per_tab=2, queue_limit=3)


def job(name: str, *, body: bytes = b"{}", profile: str | None = None, client: str = "") -> FetchJob:
    return FetchJob(name, "PUT", f"/do/{name}", {"a": "b"}, ("content-type",), body, profile, client)


def stream(number: int, work: Job, window: int = 100, now: float = 0.0, tab: Tab | None = None) -> Stream:
    """A stream that has just been begun."""
    return Stream(
        tab or Tab(hello(), 1), number, work.id, work.client, work, Inflow(window, window), now, now
    )


def hello(tab: str = "t1", *, streams: tuple[m.HeldStream, ...] = (), **changes: str) -> m.Hello:
    greeting = m.Hello(
        version="0.1.0", secret=SECRET, tab=tab, profile="p", origin="https://lmarena.ai", streams=streams
    )
    return msgspec.structs.replace(greeting, **changes)


class Play:
    """One ledger, and a clock that only moves when it is told to."""

    def __init__(self, rules: Rules = RULES, *, alone: bool = False) -> None:
        # Whether data frames come alone (TabLedger.continued) where that is possible.
        self.alone = alone
        self.ledger = TabLedger(rules, secret=SECRET, version="0.1.0")
        self.now = 1000.0

    def tab(self, tab: str = "t1", link: int = 1, *, profile: str = "p") -> "Said":
        """A tab connects and says hello."""
        return self.greet(hello(tab, profile=profile), link)

    def greet(self, greeting: m.Hello, link: int = 1) -> "Said":
        """A link is opened and says this hello."""
        self.ledger.opened(link, self.now)
        return self.say(greeting, link)

    def back(self, link: int, *streams: m.HeldStream, tab: str = "t1") -> "Said":
        """A tab that was here before connects again and says what it holds."""
        return self.greet(hello(tab, streams=streams), link)

    def say(self, message: m.FromTab, link: int = 1) -> "Said":
        return Said(self.ledger.heard(link, [m.encode(message)], self.now))

    def text(self, text: str, link: int = 1) -> "Said":
        return Said(self.ledger.heard(link, [text], self.now))

    def data(self, stream: int, offset: int, payload: bytes, link: int = 1) -> "Said":
        return self.frame(m.encode_data(stream, offset, payload), link)

    def frame(self, frame: bytes, link: int = 1) -> "Said":
        if self.alone and (told := self.ledger.continued(link, frame, self.now)) is not None:
            name, payload = told
            return Said([Deliver(name, (Arrived(payload),))])
        return Said(self.ledger.heard(link, [frame], self.now))

    def submit(self, name: str, *, profile: str | None = None, client: str = "") -> "Said":
        return Said(self.ledger.submit(job(name, profile=profile, client=client), self.now))

    def cancel(self, name: str) -> "Said":
        return Said(self.ledger.cancel(name, self.now))

    def lost(self, link: int = 1, *, gone: bool = False) -> "Said":
        return Said(self.ledger.lost(link, self.now, gone=gone))

    def pass_time(self, seconds: float) -> "Said":
        """The clock moves on, and the ledger is told once at the end."""
        self.now += seconds
        return Said(self.ledger.tick(self.now))

    def alive_for(self, seconds: int, link: int = 1) -> "Said":
        """Time passes second by second while the tab answers every ping."""
        effects: list[Effect] = []
        for _ in range(seconds):
            self.say(m.Pong(self.now), link)
            effects += self.pass_time(1).effects
        return Said(effects)


class Said:
    """The effects of one event, taken apart."""

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = effects

    @property
    def sent(self) -> list[tuple[int, object]]:
        """(link, message) of what goes to tabs; body frames as (stream, bytes)."""
        sends = [effect for effect in self.effects if isinstance(effect, Send)]
        return [(each.link, _read(frame)) for each in sends for frame in each.messages]

    @property
    def delivered(self) -> list[tuple[str, Delivery]]:
        told = [effect for effect in self.effects if isinstance(effect, Deliver)]
        return [(each.job, delivery) for each in told for delivery in each.deliveries]

    @property
    def broken(self) -> list[tuple[str, type]]:
        """(job, kind of error) of the jobs that failed."""
        return [(name, type(what.error)) for name, what in self.delivered if isinstance(what, Broken)]

    @property
    def started(self) -> list[str]:
        """The jobs that tabs were told to do."""
        return [message.job for _, message in self.sent if isinstance(message, m.Fetch)]

    @property
    def closed(self) -> list[tuple[int, int]]:
        return [(effect.link, effect.code) for effect in self.effects if isinstance(effect, Close)]

    @property
    def changed(self) -> list[tuple[str, str]]:
        return [(effect.tab, effect.what) for effect in self.effects if isinstance(effect, TabChanged)]


def _read(message: m.ToTab | bytes) -> object:
    return m.decode_body(message) if isinstance(message, bytes) else m.decode_to_tab(m.encode(message))
