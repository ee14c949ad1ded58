"""What the ledger wants done, as values: the hub does it, and nothing else.

Jobs are what the rest of the program asks of a tab; deliveries are what a job gets back, in the order
Opened, Arrived …, Completed, or Broken at any time; Waiting in between says that nothing came lately.
Effects and deliveries are made for each piece of each answer: structs, not dataclasses (see chat/events.py),
and the collector passes them over (see chat/request.py). Only Broken it must know: an error that was raised
leads back to it by its traceback.
"""

from collections.abc import Mapping, Sequence

import msgspec

from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.tabs.messages import ToTab


class FetchJob(msgspec.Struct, frozen=True, gc=False):
    """A request that a tab shall make to its own site. `report`: response headers wanted, lower case."""

    id: str
    method: str
    path: str
    headers: Mapping[str, str]
    report: tuple[str, ...]
    body: bytes
    # Session ids belong to one browser login; None: any tab will do.
    profile: str | None = None
    # Whose it is: clients take turns.
    client: str = ""


class PageJob(msgspec.Struct, frozen=True, gc=False):
    """The source of the page in a tab."""

    id: str
    profile: str | None = None
    client: str = ""


Job = FetchJob | PageJob


class Opened(msgspec.Struct, frozen=True, gc=False):
    """The response has begun, in this tab of this browser profile."""

    status: int
    headers: Mapping[str, str]
    tab: str
    profile: str


class Arrived(msgspec.Struct, frozen=True, gc=False):
    payload: bytes


class Completed(msgspec.Struct, frozen=True, gc=False):
    pass


class Broken(msgspec.Struct, frozen=True):
    error: BridgeError


class Waiting(msgspec.Struct, frozen=True, gc=False):
    pass


Delivery = Opened | Arrived | Completed | Broken | Waiting


class Send(msgspec.Struct, frozen=True, gc=False):
    """Messages and binary frames for a tab, in order. `can_wait`: the tab does not need them at once."""

    link: int
    messages: tuple[ToTab | bytes, ...]
    can_wait: bool = False


class Close(msgspec.Struct, frozen=True, gc=False):
    link: int
    code: int
    reason: str


class Deliver(msgspec.Struct, frozen=True, gc=False):
    """What there is for a job at one moment, in order: a short answer is one such effect."""

    job: str
    deliveries: Sequence[Delivery]


class TabChanged(msgspec.Struct, frozen=True, gc=False):
    """A tab came, went, or changed its state; for the log and whoever watches."""

    tab: str
    what: str


class CapturedPath(msgspec.Struct, frozen=True, gc=False):
    """While capturing: the page itself requested `path` (with query)."""

    tab: str
    profile: str
    path: str


Effect = Send | Close | Deliver | TabChanged | CapturedPath
