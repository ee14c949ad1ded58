"""What becomes of a conversation before it is sent: its files found, made small enough, uploaded, checked.

In this order, once a request; who fills the ports is decided in `cli/assembly.py`.
"""

from collections.abc import Collection, Mapping
from typing import Final, Protocol

from msgspec.structs import replace

from lmarena_bridge.core.chat.drawn_images import (
    DrawnImages,
    drawn_images_as_attachments,
    image_addresses,
)
from lmarena_bridge.core.chat.links import files_inside, linked_as_attachments, linked_as_text
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, PlainMessages
from lmarena_bridge.core.chat.shaping import is_plain, shape
from lmarena_bridge.core.chat.sizes import check_attachments
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.model_inputs import ModelInputs, check_inputs
from lmarena_bridge.core.site.plan import Plan
from lmarena_bridge.core.site.target import Target

# Any image will do to ask whether a model takes images.
_AN_IMAGE: Final = "image/png"


class Uploads(Protocol):
    """Whoever can put a file where the site finds it."""

    async def upload(self, file: Attachment, settings: Settings) -> str:
        """The link to it. Raises FileBedError."""


class Images(Protocol):
    """Whoever has images, and can make them smaller."""

    async def held(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Those of the addresses that are this server's own, with the image there as a data: URI."""

    async def scaled(self, file: Attachment, most: int) -> Attachment:
        """The image in at most `most` bytes, any other file as it is. Raises ClientError."""


class Inputs(Protocol):
    """Whoever knows what the site's models take."""

    async def known(self) -> ModelInputs: ...


class Attaching:
    """Makes a request ready for the site."""

    def __init__(self, *, uploads: Uploads, images: Images, inputs: Inputs) -> None:
        self._uploads = uploads
        self._images = images
        self._inputs = inputs

    def ready_at_once(self, request: ChatRequest, plan: Plan) -> ChatRequest | None:
        """The request as it is to be sent, if it has nothing to do with files."""
        if plan.leaves_plain and (type(request.messages) is PlainMessages or is_plain(request)):
            return request
        if plan.passes_drawn_images_on or any(message.attachments for message in request.messages):
            return None
        return shape(request, plan.shaping)

    async def ready(self, request: ChatRequest, target: Target, plan: Plan) -> ChatRequest:
        """The request as it is to be sent. Raises ClientError, FileBedError."""
        settings, draws = plan.settings, plan.passes_drawn_images_on
        files = _sent_as_files(request, settings)
        if files or draws:
            inputs = await self._inputs.known()
            check_inputs(target.model, target.model_id, files, inputs)
            if draws and inputs.takes(target.model_id, _AN_IMAGE):
                request = await self._with_drawn_images(request, settings)
        request = shape(request, plan.shaping)
        if settings.image_max_bytes:
            request = await self._scaled(request, settings.image_max_bytes)
        if settings.file_bed_enabled:
            request = await self._uploaded(request, settings)
        check_attachments(request, plan.room)
        return request

    async def _with_drawn_images(self, request: ChatRequest, settings: Settings) -> ChatRequest:
        held = await self._images.held(image_addresses(request))
        # What is uploaded takes no room.
        room = settings.max_body_bytes if settings.file_bed_enabled else settings.site_max_body_bytes
        taken = sum(len(file.url) + len(file.name) for file in _files(request))
        return drawn_images_as_attachments(request, DrawnImages(held, max(0, room - taken)))

    async def _scaled(self, request: ChatRequest, most: int) -> ChatRequest:
        async def smaller(message: Message) -> Message:
            files = [await self._images.scaled(file, most) for file in message.attachments]
            return replace(message, attachments=tuple(files))

        return replace(request, messages=tuple([await smaller(message) for message in request.messages]))

    async def _uploaded(self, request: ChatRequest, settings: Settings) -> ChatRequest:
        links = {file: await self._uploads.upload(file, settings) for file in files_inside(request)}
        if settings.file_bed_mode == "text":
            return linked_as_text(request, links)
        return linked_as_attachments(request, links)


def _sent_as_files(request: ChatRequest, settings: Settings) -> Collection[Attachment]:
    files = _files(request)
    if not settings.file_bed_enabled or settings.file_bed_mode == "attachment":
        return files
    told_as_text = frozenset(files_inside(request))
    return [file for file in files if file not in told_as_text]


def _files(request: ChatRequest) -> list[Attachment]:
    return [file for message in request.messages for file in message.attachments]
