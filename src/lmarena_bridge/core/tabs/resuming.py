"""What becomes of a tab's streams when it comes back over a new link (docs/tab-protocol.md, rule 4)."""

import msgspec

from lmarena_bridge.core.tabs.effects import Effect, Send
from lmarena_bridge.core.tabs.messages import Hello, Resumed
from lmarena_bridge.core.tabs.tab import Stream, Tab, commands


class Resumption(msgspec.Struct):
    """`goes_on`: streams from the byte that is missing; `again`: commands that never reached the tab, said
    once more; `lost`: streams that the tab does not hold any more."""

    goes_on: list[Resumed] = []
    again: list[Effect] = []
    lost: list[Stream] = []


def resume(tab: Tab, hello: Hello, link: int, now: float) -> Resumption:
    """Compare what a tab says it holds with what it was told to do. What goes on was heard of now."""
    found = Resumption()
    held = {(stream.stream, stream.job): stream for stream in hello.streams}
    for stream in tab.streams.values():
        kept = held.get((stream.number, stream.job))
        if kept is not None and kept.held_from <= stream.flow.expected <= kept.sent_to:
            stream.heard_at = now
            found.goes_on.append(Resumed(stream.number, stream.flow.expected, stream.flow.limit))
        elif kept is None and stream.order is not None:
            found.again.append(Send(link, commands(stream.number, stream.order, stream.flow.limit)))
        else:
            found.lost.append(stream)
    return found
