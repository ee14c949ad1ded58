"""A tab and its running streams, as the ledger keeps them, and the picture of it that others may see."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from lmarena_bridge.core.tabs.effects import Deliver, Delivery, Effect, FetchJob, Job, Send
from lmarena_bridge.core.tabs.flow import Inflow
from lmarena_bridge.core.tabs.messages import Fetch, Hello, Page, ToTab, encode_body


class Stream(msgspec.Struct, gc=False):
    """One job on its way through a tab. The tab knows it as long as it lasts, and no longer."""

    tab: "Tab"
    number: int
    job: str
    client: str
    # What the tab was told to do; None when it has shown that it knows: a body may be large.
    order: Job | None
    flow: Inflow
    # When the tab last said something about it, and when the job was last told anything.
    heard_at: float
    told_at: float
    opened: bool = False

    def tell(self, delivery: Delivery, now: float) -> Deliver:
        """Tell the job something that is not its end."""
        self.told_at = now
        return Deliver(self.job, (delivery,))

    def open(self) -> None:
        """The response has begun."""
        self.opened = True
        self.order = None


def commands(number: int, job: Job, window: int) -> tuple[ToTab | bytes, ...]:
    """What starts a stream in a tab."""
    if not isinstance(job, FetchJob):
        return (Page(number, job.id, window),)
    body = job.body
    fetch = Fetch(number, job.id, job.method, job.path, dict(job.headers), job.report, bool(body), window)
    return (fetch, encode_body(number, body)) if body else (fetch,)


# How long a tab rests after the first failure in a row; each further one doubles it, up to the longest.
_REST_SECONDS: Final = 5.0
_LONGEST_REST: Final = 60.0
# A site that asks for more patience gets it, within reason: the tab is still used when there is no other.
_LONGEST_ASKED: Final = 600.0


@dataclass(slots=True)
class Tab:
    """One loaded page with the userscript. `link` is None while its connection is broken."""

    hello: Hello
    link: int | None
    lost_at: float = 0.0
    # Why the site wants to see a person here; such a tab gets no work.
    attention: str | None = None
    visibility: str = "visible"
    streams: dict[int, Stream] = field(default_factory=dict)
    # Failures in a row, and until when others are preferred because of them.
    strikes: int = 0
    rests_until: float = 0.0

    @property
    def id(self) -> str:
        return self.hello.tab

    def serves(self, job: Job) -> bool:
        """Whether this tab's login is the one the job needs."""
        return job.profile is None or job.profile == self.hello.profile

    def rest(self, now: float, asked: float | None = None) -> None:
        """A fetch in this tab failed through no fault of the request. `asked`: for how long the site asks."""
        usual = min(_REST_SECONDS * 2 ** min(self.strikes, 8), _LONGEST_REST)
        self.strikes += 1
        self.rests_until = max(
            self.rests_until, now + (usual if asked is None else min(asked, _LONGEST_ASKED))
        )

    def work_again(self) -> None:
        """An answer has come: whatever failed before, this tab works."""
        self.strikes, self.rests_until = 0, 0.0


def say(tab: Tab, *said: ToTab | bytes, can_wait: bool = False) -> list[Effect]:
    """To a tab whose link is broken nothing is said: its next welcome will tell it how things stand."""
    return [] if tab.link is None else [Send(tab.link, said, can_wait)]


@dataclass(frozen=True, slots=True)
class TabView:
    """What the log, the dashboard and /readyz show of a tab."""

    tab: str
    profile: str
    version: str
    browser: str
    origin: str
    path: str
    visibility: str
    connected: bool
    attention: str | None
    jobs: int


def view(tab: Tab) -> TabView:
    hello = tab.hello
    return TabView(
        tab=hello.tab,
        profile=hello.profile,
        version=hello.version,
        browser=hello.browser,
        origin=hello.origin,
        path=hello.path,
        visibility=tab.visibility,
        connected=tab.link is not None,
        attention=tab.attention,
        jobs=len(tab.streams),
    )
