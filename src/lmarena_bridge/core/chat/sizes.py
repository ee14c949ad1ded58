"""Whether a conversation fits into one request to the site, and what to say if it does not."""

import msgspec

from lmarena_bridge.core.chat.attachments import size_of
from lmarena_bridge.core.chat.request import Attachment, ChatRequest
from lmarena_bridge.core.errors import TooLarge

_MEGABYTE = 1_000_000


class Room(msgspec.Struct, frozen=True):
    """`limit`: bytes of a request's body. The others say which ways out are not taken yet."""

    limit: int
    file_bed: bool
    scaling: bool


def check_attachments(request: ChatRequest, room: Room) -> None:
    """Refuse, before anything is built or sent, what cannot fit. Raises TooLarge."""
    size = sum(len(file.url) for file in _files(request))
    if size > room.limit:
        raise too_large(request, size, room)


def too_large(request: ChatRequest, size: int, room: Room) -> TooLarge:
    """What is said of a body of `size` bytes, more than the limit: it names the largest attachment."""
    return TooLarge(_sentence(request, size, room), param="messages")


def _sentence(request: ChatRequest, size: int, room: Room) -> str:
    files = _files(request)
    takes = f"LMArena takes about {_megabytes(room.limit)} in one request, the whole conversation included"
    largest = max(files, key=lambda file: len(file.url), default=None)
    held = None if largest is None else size_of(largest)
    if largest is None or held is None or len(largest.url) * 10 < size:
        return f"This conversation is too large, {_megabytes(size)}: {takes}. Shorten it, or begin a new one."
    others = f", with {len(files) - 1} more attachments" if len(files) > 1 else ""
    return (
        f"The attachment {largest.name!r} of {_megabytes(held)} does not fit{others}: the request would have "
        f"{_megabytes(size)}, and {takes}. {_ways_out(largest, room)}"
    )


def _ways_out(largest: Attachment, room: Room) -> str:
    ways = [] if room.file_bed else ["switch on the file bed (file_bed_enabled)"]
    if largest.content_type.startswith("image/") and not room.scaling:
        ways.append("have images scaled down (image_max_bytes)")
    settings = f", or {' or '.join(ways)} in config.jsonc" if ways else ""
    return f"Send a smaller file{settings}."


def _files(request: ChatRequest) -> list[Attachment]:
    return [file for message in request.messages for file in message.attachments]


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB"
