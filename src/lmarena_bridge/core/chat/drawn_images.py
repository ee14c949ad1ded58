"""Images that a chat carries as Markdown in the assistant's turns: they go along as attachments.

That is how "now make it blue" finds the picture it is about. The site passes files of the assistant on only
if their message has no text (site-protocol.md 5.1, 2025-11), so they become a turn of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from lmarena_bridge.core.chat.attachments import attachment
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.errors import InvalidRequest

# ![a hedgehog](address), the address possibly in <>, possibly with a "title" after it.
_IMAGE: Final = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\(\s*<?(?P<url>(?:data:image/|https?://)[^\s)>]+)>?(?:\s+\"[^\"\n]*\")?\s*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DrawnImages:
    """`held`: data: URIs of the images at addresses that only this computer can reach.

    `room`: how many characters of data: URIs may go along; the newest images come first.
    """

    held: Mapping[str, str]
    room: int


def image_addresses(request: ChatRequest) -> tuple[str, ...]:
    """The web addresses of all images of the assistant, each once."""
    found = (
        image["url"]
        for message in request.messages
        if message.role is Role.ASSISTANT
        for image in _IMAGE.finditer(message.content)
    )
    return tuple(dict.fromkeys(url for url in found if not _is_data(url)))


def drawn_images_as_attachments(request: ChatRequest, images: DrawnImages) -> ChatRequest:
    """Each image as an attachment instead of Markdown; those for which there is no room as their names."""
    room, newest_first = images.room, []
    for message in reversed(request.messages):
        if message.role is not Role.ASSISTANT or not _IMAGE.search(message.content):
            newest_first.append(message)
            continue
        text, files = _taken_out(message.content, replace(images, room=room))
        room -= sum(len(file.url) for file in files if _is_data(file.url))
        turn = Message(Role.ASSISTANT, "", files)
        told = structs.replace(message, content=text)
        newest_first += [each for each in (turn, told) if each.attachments or each.content]
    return structs.replace(request, messages=tuple(reversed(newest_first)))


def _taken_out(text: str, images: DrawnImages) -> tuple[str, tuple[Attachment, ...]]:
    """The text without its images, and the images."""
    files: list[Attachment] = []
    kept: list[str] = []
    end, room = 0, images.room
    for found in _IMAGE.finditer(text):
        url = images.held.get(found["url"], found["url"])
        file = _attached(url, len(files) + 1) if not _is_data(url) or len(url) <= room else None
        if file is not None:
            files.append(file)
            room -= len(url) if _is_data(url) else 0
        kept += [text[end : found.start()], "" if file is not None else _named(found)]
        end = found.end()
    return "".join((*kept, text[end:])).strip(), tuple(files)


def _named(found: re.Match[str]) -> str:
    """What stands for an image that stays behind: no megabytes, but its address if it has one."""
    return f"[{found['alt'] or 'image'}]" if _is_data(found["url"]) else found[0]


def _attached(url: str, number: int) -> Attachment | None:
    try:
        return attachment(url, number=number, param="messages", assumed="image/png")
    except InvalidRequest:  # the model wrote it, not the client: it is no image, and stays text
        return None


def _is_data(url: str) -> bool:
    return url[:5].lower() == "data:"
