"""One answer that was asked for: what is known of it while it is on its way, and kept of it afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from lmarena_bridge.core.chat.events import ChatEvent, Finished, ImageProduced, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError

# Where nobody has counted: so many characters make a token, in most languages of the West.
_TOKEN_LENGTH = 4


@dataclass(slots=True)
class Asked:
    """`id` grows with time. `started`: seconds since 1970; `prepared`, `first`, `total`: seconds after it.

    `asked`, `answered`: characters. `session`: of the last attempt. `status` None: still on its way.
    """

    id: int
    started: float
    begun: float
    model: str
    kind: str
    client: str
    asked: int
    session: str = ""
    tab: str = ""
    job: str = ""
    attempts: int = 0
    status: int | None = None
    code: str = ""
    message: str = ""
    prepared: float | None = None
    first: float | None = None
    total: float | None = None
    tokens: int | None = None
    estimated: bool = False
    answered: int = 0
    pictures: int = 0
    # Only for those who switched it on.
    words: list[str] | None = field(default=None, repr=False)

    def hear(self, events: Sequence[ChatEvent]) -> None:
        """Words that went by the short way: nearly all of them, so this must be quick, and does not ask."""
        self.answered += sum(len(event.text) for event in events)  # type: ignore[misc, union-attr]
        if self.words is not None:
            self.words.extend(event.text for event in events if isinstance(event, TextDelta))

    def add(self, events: Sequence[ChatEvent]) -> None:
        """More events of the answer."""
        for kind, group in groupby(events, type):
            if kind is TextDelta:
                self.hear(list(group))
            else:
                for event in group:
                    self._add(event)

    def _add(self, event: ChatEvent) -> None:
        match event:
            case ReasoningDelta(text):
                self.answered += len(text)
            case ImageProduced():
                self.pictures += 1
            case Finished(_, usage) if usage is not None:
                self.tokens, self.estimated = usage.completion_tokens, usage.estimated
            case _:
                pass

    def end(self, at: float, error: BaseException | None) -> None:
        """The answer is complete, or will not be. `at`: as `begun`."""
        self.total = at - self.begun
        if self.tokens is None and self.answered:
            self.tokens, self.estimated = -(-self.answered // _TOKEN_LENGTH), True
        match error:
            case None:
                self.status = 200
            case BridgeError():
                self.status, self.code, self.message = error.status, error.code, error.message[:1000]
            case Exception():
                self.status, self.code = 500, "internal_error"
            case _:  # cancelled: nobody waits for it any more
                self.status, self.code = 499, "client_left"

    def told(self) -> dict[str, Any]:
        """For pages and for the history."""
        return dict(zip(_TOLD_NAMES, _TOLD(self), strict=True))


_TOLD_NAMES: Final = tuple(each.name for each in fields(Asked) if each.name not in ("begun", "job", "words"))
_TOLD: Final = attrgetter(*_TOLD_NAMES)


def asked_before(row: Mapping[str, Any]) -> Asked:
    """One that ended some time ago, from what was kept of it."""
    return Asked(**row, begun=0.0)
