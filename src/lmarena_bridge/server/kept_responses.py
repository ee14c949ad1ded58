"""Responses that a later request may go on from (`previous_response_id`): the newest ones, in memory only."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.chat.request import Message

_MOST: Final = 500
_MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """The conversation with its answer, without instructions; and the response as its client got it."""

    messages: tuple[Message, ...]
    body: bytes

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

    def find(self, response_id: str) -> KeptResponse | None:
        """The response, if it is still here."""
        if response_id in self._kept:
            self._kept.move_to_end(response_id)
        return self._kept.get(response_id)

    def body(self, response_id: str) -> bytes | None:
        """The body of a response, if it is still here. May be called from any thread."""
        kept = self._kept.get(response_id)
        return kept.body if kept else None

    def forget(self, response_id: str) -> bool:
        """False: it was not here."""
        forgotten = self._kept.pop(response_id, None)
        if forgotten is not None:
            self._bytes -= forgotten.size
        return forgotten is not None
