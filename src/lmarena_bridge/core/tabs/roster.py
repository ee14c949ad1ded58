"""Links and tabs: who is connected, who says hello rightly, whose heart still beats."""

import hmac
from dataclasses import dataclass

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Close, Effect, Send, TabChanged
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Tab, say


@dataclass(slots=True)
class Link:
    """One WebSocket; `tab` is None until its hello was accepted."""

    heard_at: float
    pinged_at: float
    tab: Tab | None = None


class Roster:
    """The tabs in the order in which they came, and the links that lead to them."""

    def __init__(self, *, secret: str, version: str) -> None:
        self._secret = secret.encode()
        self._version = version
        self.links: dict[int, Link] = {}
        self.tabs: dict[str, Tab] = {}
        # What the tabs look for in the page's own requests; None: nothing.
        self.capture: str | None = None

    def pair_anew(self, secret: str) -> list[Close]:
        """From now on this is the secret; who said the old one must go."""
        self._secret = secret.encode()
        links, self.links = self.links, {}
        return [
            Close(link, m.CLOSE_SECRET, "the secret was renewed: install the script again") for link in links
        ]

    def opened(self, link: int, now: float) -> None:
        self.links[link] = Link(heard_at=now, pinged_at=now)

    def heard(self, link: int, now: float) -> Tab | None:
        """The tab at the other end, now known to be alive; None before its hello and after its end."""
        known = self.links.get(link)
        if known is None:
            return None
        known.heard_at = now
        return known.tab

    def lost(self, link: int, now: float) -> Tab | None:
        """Forget a link; the tab that has no link any more because of it, if there is one."""
        known = self.links.pop(link, None)
        if known is None or known.tab is None or known.tab.link != link:
            return None
        known.tab.link = None
        known.tab.lost_at = now
        return known.tab

    def forget(self, tab: Tab) -> None:
        self.tabs.pop(tab.id, None)
        if tab.link is not None:
            self.links.pop(tab.link, None)
        tab.link = None

    def hello(self, link: int, hello: m.Hello, rules: Rules, now: float) -> tuple[Tab | None, list[Effect]]:
        """Judge a greeting: the tab it belongs to (known from before or new), or None and a refusal."""
        known = self.links.get(link)
        if known is None:
            return None, []
        refusal = self._judge(known, hello, rules)
        if refusal is not None:
            del self.links[link]
            return None, [Close(link, *refusal)]
        known.heard_at = now
        tab, effects = self._admit(hello)
        tab.link, tab.hello, tab.visibility = link, hello, hello.visibility
        known.tab = tab
        return tab, effects

    def welcome(self, tab: Tab, resumed: tuple[m.Resumed, ...]) -> list[Effect]:
        """What a tab is told first on every link."""
        said: list[m.ToTab] = [m.Welcome(self._version, resumed, self.capture)]
        if tab.attention is not None:
            said.append(m.Attention(tab.attention))
        return say(tab, *said)

    def heartbeat(self, rules: Rules, now: float) -> tuple[list[Close], list[Effect]]:
        """Links to be given up, and pings for the others."""
        silent: list[Close] = []
        pings: list[Effect] = []
        for number, link in self.links.items():
            patience = rules.hello_within if link.tab is None else rules.silence
            if now - link.heard_at >= patience:
                silent.append(Close(number, m.CLOSE_SILENT, "nothing was heard for too long"))
            elif link.tab is not None and now - link.pinged_at >= rules.ping_every:
                link.pinged_at = now
                pings.append(Send(number, (m.Ping(now),)))
        return silent, pings

    def overdue(self, now: float, grace: float) -> list[Tab]:
        """Tabs whose link broke and did not come back in time."""
        return [tab for tab in self.tabs.values() if tab.link is None and now - tab.lost_at >= grace]

    def _judge(self, link: Link, hello: m.Hello, rules: Rules) -> tuple[int, str] | None:
        if not hmac.compare_digest(hello.secret.encode(errors="surrogatepass"), self._secret):
            return m.CLOSE_SECRET, "wrong secret: install the userscript again from this server"
        if _version(hello.version) < rules.oldest_script:
            return m.CLOSE_OUTDATED, f"userscript {hello.version[:20]} is too old: update it"
        if link.tab is not None:
            return m.CLOSE_MALFORMED, "hello was said twice"
        return None

    def _admit(self, hello: m.Hello) -> tuple[Tab, list[Effect]]:
        tab = self.tabs.get(hello.tab)
        if tab is None:
            tab = self.tabs[hello.tab] = Tab(hello, None)
            return tab, [TabChanged(tab.id, "connected")]
        if tab.link is None:
            return tab, [TabChanged(tab.id, "link is back")]
        del self.links[tab.link]
        return tab, [Close(tab.link, m.CLOSE_REPLACED, "this tab has a newer connection")]


def _version(text: str) -> tuple[int, ...]:
    """The leading numbers of a version; () for what is none, which is older than everything."""
    numbers: list[int] = []
    for part in text.split("."):
        if not part.isascii() or not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
