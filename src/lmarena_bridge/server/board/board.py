"""All that the start page needs beyond the server's own parts, in one place."""

from dataclasses import dataclass

from lmarena_bridge.server.board.feed import Feed
from lmarena_bridge.server.board.sightings import Sightings


@dataclass(frozen=True, slots=True)
class Board:
    """`started`: when the server was started, in seconds since 1970."""

    feed: Feed
    sightings: Sightings
    started: float
