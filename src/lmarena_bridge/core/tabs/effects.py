"""What the ledger wants done, as values: the hub does it, and nothing else.

Jobs are what the rest of the program asks of a tab; deliveries are what a job gets back, in the order
Opened, Arrived …, Completed, or Broken at any time; Waiting in between says that nothing came lately.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lmarena_bridge.core.errors import BridgeError


@dataclass(frozen=True, slots=True)
class FetchJob:
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


@dataclass(frozen=True, slots=True)
class PageJob:
    """The source of the page in a tab."""

    id: str
    profile: str | None = None
    client: str = ""


Job = FetchJob | PageJob


@dataclass(frozen=True, slots=True)
class Opened:
    """The response has begun, in this tab of this browser profile."""

    status: int
    headers: Mapping[str, str]
    tab: str
    profile: str


@dataclass(frozen=True, slots=True)
class Arrived:
    payload: bytes


@dataclass(frozen=True, slots=True)
class Completed:
    pass


@dataclass(frozen=True, slots=True)
class Broken:
    error: BridgeError


@dataclass(frozen=True, slots=True)
class Waiting:
    pass


Delivery = Opened | Arrived | Completed | Broken | Waiting


@dataclass(frozen=True, slots=True)
class Send:
    link: int
    frame: str | bytes


@dataclass(frozen=True, slots=True)
class Close:
    link: int
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Deliver:
    job: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class TabChanged:
    """A tab came, went, or changed its state; for the log and whoever watches."""

    tab: str
    what: str


@dataclass(frozen=True, slots=True)
class CapturedPath:
    """While capturing: the page itself requested `path` (with query)."""

    tab: str
    profile: str
    path: str


Effect = Send | Close | Deliver | TabChanged | CapturedPath
