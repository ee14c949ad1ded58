"""All that the start page needs beyond the server's own parts, in one place."""

from dataclasses import dataclass

from lmarena_bridge.server.board.feed import Feed
from lmarena_bridge.server.board.passes import Passes
from lmarena_bridge.server.board.sightings import Sightings
from lmarena_bridge.server.board.watch import Watch
from lmarena_bridge.storage.history import History


@dataclass(frozen=True, slots=True)
class Board:
    """`started`: when the server was started, in seconds since 1970."""

    feed: Feed
    sightings: Sightings
    watch: Watch
    history: History
    passes: Passes
    started: float
