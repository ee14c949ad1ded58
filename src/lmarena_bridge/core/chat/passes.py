"""What may be done to an answer on its way from the site to the client: passes over its events.

`answering.py` lets the batches of an answer run through the passes that a request needs, one after another.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from lmarena_bridge.core.chat.events import ChatEvent
from lmarena_bridge.core.chat.request import ChatRequest


class Pass(ABC):
    """One pass over one answer: events in, batch by batch, and what becomes of them out.

    The `Finished` it gives is the end: nothing is fed after it, and the site is not listened to any more, so
    a pass that gives it early cuts the answer short. What it holds back must be given before.
    """

    @abstractmethod
    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        """What becomes of these events. Raises BridgeError when the answer cannot be used."""

    def again(self) -> ChatRequest | None:
        """What the model shall be asked in a second round, by a pass that kept `Finished` for itself."""
        return None

    def failed(self) -> Sequence[ChatEvent]:
        """The end of the answer where a second round fails, if the first will do without; else nothing."""
        return ()

    @property
    def done(self) -> bool:
        """Whether the pass needs no more of this answer, although it has given no `Finished`."""
        return False
