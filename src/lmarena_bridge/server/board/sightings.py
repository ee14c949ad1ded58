"""What the server has seen of a person's first steps, while it runs: so that the page can tick them off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """A tab that was sent away. `at`: seconds since 1970."""

    reason: str
    at: float


@dataclass(slots=True)
class Sightings:
    """`script_fetched`: somebody has opened the userscript. `refused`: the tab that was sent away last.

    `others_answered`: a program other than the page has had an answer.
    """

    script_fetched: bool = False
    refused: Refused | None = None
    others_answered: bool = False
