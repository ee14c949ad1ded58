"""What a tab says of a stream, and what its job is told of that."""

from collections.abc import Sequence
from typing import Final

from lmarena_bridge.core.tabs.burst import Burst, Word
from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened
from lmarena_bridge.core.tabs.failure import fetch_failed, lost_bytes
from lmarena_bridge.core.tabs.flow import FlowBroken
from lmarena_bridge.core.tabs.messages import Cancel, End, Failed, Head, Release
from lmarena_bridge.core.tabs.tab import Stream

_COMPLETED: Final = Completed()


def hear(words: Sequence[Word], stream: Stream, told: list[Delivery], now: float) -> Release | Cancel | None:
    """Add what the job is told, up to its end, to `told`. What to tell the tab if that was the end."""
    try:
        # By their types: that a struct is none of a kind takes `isinstance` three times as long to see.
        for word in words:
            if type(word) is Burst:
                if not stream.opened:
                    raise FlowBroken("bytes came before the head")
                if fresh := stream.flow.accept(word.offset, b"".join(word.pieces)):
                    told.append(Arrived(fresh))
            elif type(word) is Head:
                if not stream.opened:  # else it is said again after a reconnect
                    stream.open()
                    page = stream.tab.hello
                    told.append(Opened(word.status, word.headers, page.tab, page.profile))
            else:
                told.append(_last(word, stream, now))
                return Release(stream.number)
    except FlowBroken as error:
        told.append(Broken(lost_bytes(str(error))))
        return Cancel(stream.number)
    return None


def _last(word: End | Failed, stream: Stream, now: float) -> Delivery:
    """Raises FlowBroken if bytes are missing."""
    if type(word) is End:
        if stream.opened and word.length == stream.flow.expected:
            return _COMPLETED
        raise FlowBroken(f"the tab sent {word.length} bytes, {stream.flow.expected} arrived")
    if word.reason == "network":
        stream.tab.rest(now)
    return Broken(fetch_failed(word.reason, word.message))
