"""Files that were uploaded: their links in the place of the files, in the text or as attachments."""

from collections.abc import Mapping

from msgspec.structs import replace

from lmarena_bridge.core.chat.attachments import size_of
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message


def files_inside(request: ChatRequest) -> tuple[Attachment, ...]:
    """The attachments whose bytes travel in the request, each once."""
    files = (file for message in request.messages for file in message.attachments)
    return tuple(dict.fromkeys(file for file in files if size_of(file) is not None))


def linked_as_text(request: ChatRequest, links: Mapping[Attachment, str]) -> ChatRequest:
    """`photo.png: https://…`, a line each, at the end of the message the file was attached to."""
    return replace(request, messages=tuple(_told(message, links) for message in request.messages))


def linked_as_attachments(request: ChatRequest, links: Mapping[Attachment, str]) -> ChatRequest:
    """The same attachments, but at the addresses of their links."""
    messages = (
        replace(
            message,
            attachments=tuple(replace(file, url=links.get(file, file.url)) for file in message.attachments),
        )
        for message in request.messages
    )
    return replace(request, messages=tuple(messages))


def _told(message: Message, links: Mapping[Attachment, str]) -> Message:
    lines = [f"{file.name}: {links[file]}" for file in message.attachments if file in links]
    if not lines:
        return message
    text = f"{message.content}\n\n" if message.content.strip() else ""
    rest = tuple(file for file in message.attachments if file not in links)
    return replace(message, content=text + "\n".join(lines), attachments=rest)
