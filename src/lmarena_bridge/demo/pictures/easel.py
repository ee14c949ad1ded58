"""How an image model answers: heartbeats while it draws, then the pictures, as links or whole."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lmarena_bridge.demo import stream
from lmarena_bridge.demo.conversation import Conversation
from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.models import Side
from lmarena_bridge.demo.pictures.painter import Picture, paint

# A drawing model is silent for seconds; the site sends heartbeats meanwhile (recorded 2025-12-22).
_HEARTBEATS = 6


@dataclass(frozen=True, slots=True)
class Easel:
    """link: gives the address of a picture; with `expired` one that is dead already."""

    link: Callable[[Picture, bool], str]

    def paint(self, conversation: Conversation, directives: Directives, side: Side) -> Iterator[str]:
        yield from (stream.heartbeat(side) for _ in range(_HEARTBEATS))
        for number in range(max(1, directives.count("images", 1))):
            yield self._shown(_picture(conversation, number), directives, side)

    def _shown(self, picture: Picture, directives: Directives, side: Side) -> str:
        if "inline" in directives or "file" in directives:
            content = base64.b64encode(paint(picture)).decode("ascii")
            return stream.file(side, content) if "file" in directives else stream.inline_image(side, content)
        return stream.image(side, self.link(picture, "expired" in directives))


def _picture(conversation: Conversation, number: int) -> Picture:
    notes = tuple(f"with {each.name} ({each.content_type})" for each in conversation.attachments)
    return Picture(conversation.question, notes, number)
