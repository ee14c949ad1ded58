"""Which tab works on a job, and what to tell the caller when none can."""

from collections.abc import Collection, Iterable, Sequence

from lmarena_bridge.core.errors import BridgeError, Busy, HumanCheckRequired, NoTab
from lmarena_bridge.core.tabs.effects import Job
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Tab


def working(tabs: Iterable[Tab], rules: Rules) -> Sequence[Tab]:
    """The tabs that may be given work, oldest first, however busy they are."""
    if rules.tab_policy == "latest":
        tabs = _latest(tabs)
    return [tab for tab in tabs if tab.link is not None and tab.attention is None]


def _latest(tabs: Iterable[Tab]) -> Sequence[Tab]:
    return [tab for tab in tabs if tab.link is not None][-1:]


def willing(tabs: Iterable[Tab], job: Job, rules: Rules) -> Sequence[Tab]:
    """Those of them that may work on `job`."""
    return [tab for tab in working(tabs, rules) if tab.serves(job)]


def with_room(tabs: Iterable[Tab], rules: Rules) -> Sequence[Tab]:
    """The tabs that could begin something: mostly none while many wait."""
    if rules.tab_policy == "latest":
        tabs = _latest(tabs)
    most = rules.jobs_per_tab
    return [tab for tab in tabs if tab.link is not None and tab.attention is None and len(tab.streams) < most]


def choose_tab(tabs: Iterable[Tab], job: Job, rules: Rules, now: float) -> Tab | None:
    """The least busy one that may work on `job`, of tabs with room for one more.

    Tabs that rest after failures come last, but they do come: if all of them failed, it was hardly the tabs.
    """
    if rules.tab_policy == "latest":
        tabs = _latest(tabs)
    profile, most = job.profile, rules.jobs_per_tab
    chosen: Tab | None = None
    # Nearly always there is but one, and no other way to ask it is cheaper.
    for tab in tabs:
        if (
            tab.link is not None
            and tab.attention is None
            and len(tab.streams) < most
            and (profile is None or profile == tab.hello.profile)
            and (chosen is None or _rank(tab, now) < _rank(chosen, now))
        ):
            chosen = tab
    return chosen


def _rank(tab: Tab, now: float) -> tuple[bool, int]:
    return tab.rests_until > now, len(tab.streams)


def nobody(tabs: Collection[Tab], job: Job, rules: Rules) -> BridgeError:
    """Why no tab took the job, in the words of who must do something about it."""
    if willing(tabs, job, rules):
        return Busy(
            f"Every LMArena tab already works on {rules.jobs_per_tab} requests. "
            "Try again in a moment, open another tab, or raise jobs_per_tab in config.jsonc.",
            retry_after=5,
        )
    connected = [tab for tab in tabs if tab.link is not None]
    for tab in connected:
        if tab.attention is not None and tab.serves(job):
            return HumanCheckRequired(tab.attention)
    if connected and job.profile is not None:
        return NoTab(
            "The session of this model was captured in another browser profile, and that browser has no "
            "LMArena tab open. Open LMArena there, or capture the session again in this browser.",
            retry_after=5,
        )
    return NoTab(
        "No LMArena tab is connected. Open https://lmarena.ai in the browser that has the LMArenaApiBridge "
        "userscript, and leave the tab open; its title starts with ✅ when it is connected.",
        retry_after=5,
    )
