"""A request to the site as a value, and the builders that make one.

The site has known several shapes of request (site-protocol.md 4); each is a builder of its own, chosen by
the setting `request_builder`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

import msgspec

from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.target import Target

# What the site's own page sends, although the body is JSON (recorded 2025-11 and -12, site-protocol.md 2.5).
HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {"content-type": "text/plain;charset=UTF-8", "accept": "*/*"}
)


class SiteRequest(msgspec.Struct, frozen=True, gc=False):
    """What a tab shall ask of the site. `path` is relative to the tab's own origin."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Builder(Protocol):
    """Whoever builds the requests to one target."""

    def build(self, request: ChatRequest, new_id: Callable[[], str], now: str, /) -> SiteRequest:
        """What a builder must not make itself comes in: fresh ids, and the time as the site writes it.

        `now`: ISO 8601, UTC, with milliseconds and Z.
        """
        ...


# How a builder is made for a target.
BuilderFor = Callable[[Target, Settings], Builder]
