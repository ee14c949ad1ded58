"""All that the start page needs beyond the server's own parts, in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lmarena_bridge.server.board.feed import Feed
from lmarena_bridge.server.board.installed import Installed
from lmarena_bridge.server.board.log_tail import LogTail
from lmarena_bridge.server.board.passes import Passes
from lmarena_bridge.server.board.refusals import Refusals
from lmarena_bridge.server.board.releases import Releases
from lmarena_bridge.server.board.shelf import Shelf
from lmarena_bridge.server.board.sightings import Sightings
from lmarena_bridge.server.board.watch import Watch
from lmarena_bridge.storage.history import History

# Goes through the whole chain, given the services and the server's address; may wait for the disk.
Examine = Callable[[Any, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Board:
    """`started`: when the server was started, in seconds since 1970."""

    feed: Feed
    sightings: Sightings
    watch: Watch
    refusals: Refusals
    history: History
    passes: Passes
    shelf: Shelf
    tail: LogTail
    installed: Installed
    releases: Releases
    examine: Examine
    started: float
