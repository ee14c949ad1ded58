"""One answer that was asked for: what is known of it while it is on its way, and kept of it afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lmarena_bridge.core.chat.events import ChatEvent, Finished, ImageProduced, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.storage.history_schema import FIELDS, Row, values_of

# Where nobody has counted: so many characters make a token, in most languages of the West.
_TOKEN_LENGTH: Final = 4


class Asked(Row, kw_only=True):
    """A row that grows. `begun`: by the clock that is never set back; `job`: of the last attempt.

    `words`: only for those who switched that on. `finished`: its last event came.
    `status` None: still on its way.
    """

    begun: float
    job: str = ""
    words: list[str] | None = None
    finished: bool = False

    def __repr__(self) -> str:
        """Nobody's words."""
        return f"Asked(id={self.id}, model={self.model!r}, status={self.status})"

    def attempt(self, session: str, job: str, at: float) -> None:
        """A tab is asked, by this job in this session. `at`: as `begun`."""
        self.session, self.job = session, job
        self.attempts += 1
        if not self.prepared:
            self.prepared = at - self.begun

    def hear(self, events: Sequence[ChatEvent]) -> None:
        """Words that went by the short way: nearly all of them, so this must be quick, and does not ask."""
        for event in events:
            self.answered += len(event.text)  # type: ignore[union-attr]
        if self.words is not None:
            self.words.extend(event.text for event in events if isinstance(event, TextDelta))

    def add(self, events: Sequence[ChatEvent]) -> None:
        """More events of the answer."""
        for event in events:
            # Not by `match`: asking a struct whether it is of another kind takes ten times as long.
            if type(event) is TextDelta:
                self.answered += len(event.text)
                if self.words is not None:
                    self.words.append(event.text)
            elif type(event) is Finished:
                self.finished = True
                if (usage := event.usage) is not None:
                    self.tokens, self.estimated = usage.completion_tokens, 1 if usage.estimated else 0
            elif type(event) is ReasoningDelta:
                self.answered += len(event.text)
            elif type(event) is ImageProduced:
                self.pictures += 1

    def end(self, at: float, error: BaseException | None) -> None:
        """The answer is complete, or will not be. `at`: as `begun`."""
        self.total = at - self.begun
        if self.tokens is None and self.answered:
            self.tokens, self.estimated = -(-self.answered // _TOKEN_LENGTH), 1
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
        """For pages."""
        return dict(zip(FIELDS, values_of(self), strict=True))


def asked_before(row: Mapping[str, Any]) -> Asked:
    """One that ended some time ago, from what was kept of it."""
    return Asked(**row, begun=0.0)
