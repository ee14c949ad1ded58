"""What the server has seen of a person's first steps, while it runs: so that the page can tick them off."""

from collections.abc import Callable
from dataclasses import dataclass

from lmarena_bridge.core.sentences import Sentence, plain


@dataclass(frozen=True, slots=True)
class Refused:
    """A tab that was sent away. `at`: seconds since 1970."""

    reason: Sentence
    at: float


class Sightings:
    """`script_fetched`: somebody has opened the userscript. `refused`: the tab that was sent away last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970."""
        self._clock = clock
        self.script_fetched = False
        self.refused: Refused | None = None

    def sent_away(self, reason: str) -> None:
        """A tab knocked with a wrong secret, or with a script that is too old."""
        self.refused = Refused(plain(reason, "tab.refused"), self._clock())
