"""What a tab says of a stream, and what its job is told of that."""

from collections.abc import Sequence
from typing import Final

from lmarena_bridge.core.tabs.burst import Burst, Word
from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened
from lmarena_bridge.core.tabs.failure import fetch_failed, lost_bytes
from lmarena_bridge.core.tabs.flow import FlowBroken
from lmarena_bridge.core.tabs.messages import Cancel, Failed, Head, Release
from lmarena_bridge.core.tabs.tab import Stream, Tab

_COMPLETED: Final = Completed()


def hear(words: Sequence[Word], stream: Stream, told: list[Delivery], now: float) -> Release | Cancel | None:
    """Add what the job is told, up to its end, to `told`. What to tell the tab if that was the end."""
    try:
        for word in words:
            if isinstance(word, Burst):
                if not stream.opened:
                    raise FlowBroken("bytes came before the head")
                if fresh := stream.flow.accept(word.offset, b"".join(word.pieces)):
                    told.append(Arrived(fresh))
            elif isinstance(word, Head):
                if not stream.opened:  # else it is said again after a reconnect
                    stream.open()
                    page = stream.tab.hello
                    told.append(Opened(word.status, word.headers, page.tab, page.profile))
            elif isinstance(word, Failed):
                told.append(_failed(word, stream.tab, now))
                return Release(stream.number)
            elif stream.opened and word.length == stream.flow.expected:
                told.append(_COMPLETED)
                return Release(stream.number)
            else:
                raise FlowBroken(f"the tab sent {word.length} bytes, {stream.flow.expected} arrived")
    except FlowBroken as error:
        told.append(Broken(lost_bytes(str(error))))
        return Cancel(stream.number)
    return None


def _failed(word: Failed, tab: Tab, now: float) -> Broken:
    if word.reason == "network":
        tab.rest(now)
    return Broken(fetch_failed(word.reason, word.message))
