"""Responses that a later request may go on from (`previous_response_id`): the newest ones, in memory only."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.chat.request import Message
from lmarena_bridge.server.caller import may_have

_MOST: Final = 500
_MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """The conversation with its answer, without instructions; and the response as its client got it.

    For other clients than its owner's it is not there (`caller.py` says who is who).
    """

    messages: tuple[Message, ...]
    body: bytes
    owner: str = ""

    @property
    def size(self) -> int:
        """About how many bytes are held. What conversations have in common is counted each time."""
        texts = sum(len(message.content) for message in self.messages)
        files = sum(len(file.url) for message in self.messages for file in message.attachments)
        return texts + files + len(self.body)


class KeptResponses:
    """As many of the newest responses as there is room for."""

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        # The one that was used last is the last.
        self._kept: OrderedDict[str, KeptResponse] = OrderedDict()
        self._bytes = 0

    def keep(self, response_id: str, response: KeptResponse) -> None:
        """Keep it; those that nobody has asked for longest make room."""
        self._kept[response_id] = response
        self._bytes += response.size
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size

    def find(self, response_id: str, caller: str) -> KeptResponse | None:
        """The response, if it is still here, and for this caller."""
        if (kept := self._of(response_id, caller)) is not None:
            self._kept.move_to_end(response_id)
        return kept

    def body(self, response_id: str, caller: str) -> bytes | None:
        """The body of a response, if `find` would find it. May be called from any thread."""
        kept = self._of(response_id, caller)
        return kept.body if kept else None

    def forget(self, response_id: str, caller: str) -> bool:
        """False: it was not here, or not for this caller."""
        if (kept := self._of(response_id, caller)) is None:
            return False
        del self._kept[response_id]
        self._bytes -= kept.size
        return True

    def _of(self, response_id: str, caller: str) -> KeptResponse | None:
        kept = self._kept.get(response_id)
        return kept if kept is not None and may_have(caller, kept.owner) else None
