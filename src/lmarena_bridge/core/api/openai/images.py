"""What clients ask for under /v1/images: a body of JSON for new pictures, a form for changed ones.

Size, quality, style, background, format and the like are taken and passed over: the site has no place for
them, and no client can do without sending them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from lmarena_bridge.core.api.body import decode_body
from lmarena_bridge.core.api.openai.count import read_count
from lmarena_bridge.core.chat.attachments import attachment, data_uri
from lmarena_bridge.core.chat.pictures import picture
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.errors import InvalidRequest

# The site takes that many attachments a message (site-protocol.md 5.2).
_MOST_PICTURES: Final = 10
# openai-python sends one as `image` and several as `image[]`; others count them.
_IMAGE_FIELD: Final = re.compile(r"image(?:\[\d*\])?")


@dataclass(frozen=True, slots=True)
class ImageCall:
    """What the client wants drawn, and how it wants to get it; None: it did not say.

    `kind` is how OpenAI's events of this endpoint are named.
    """

    kind: Literal["image_generation", "image_edit"]
    model: str | None
    prompt: str
    pictures: tuple[Attachment, ...] = ()
    n: int = 1
    response_format: Literal["url", "b64_json"] | None = None
    stream: bool = False

    def request(self, model: str) -> ChatRequest:
        """The question to this model: one message, the prompt."""
        return ChatRequest(model, (Message(Role.USER, self.prompt, self.pictures),), counted=False)


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form, and the name of the field it stands in."""

    field: str
    data: bytes


class GenerationBody(msgspec.Struct, frozen=True):
    prompt: str
    model: str | None = None
    n: int | float | None = None
    response_format: str | None = None
    stream: bool | None = None


_DECODER = msgspec.json.Decoder(GenerationBody)


def decode_generation(body: bytes | bytearray) -> ImageCall:
    """The body of POST /v1/images/generations. Raises InvalidRequest."""
    asked = decode_body(_DECODER, body)
    return ImageCall(
        kind="image_generation",
        model=asked.model,
        prompt=_prompt(asked.prompt),
        n=read_count(asked.n),
        response_format=_response_format(asked.response_format),
        stream=bool(asked.stream),
    )


def read_edit(fields: Mapping[str, str], files: Sequence[FormFile]) -> ImageCall:
    """The form of POST /v1/images/edits. Raises InvalidRequest."""
    if "mask" in fields or any(file.field == "mask" for file in files):
        raise InvalidRequest(
            "`mask` cannot be used: LMArena has no place for one. Leave it out, and say in the prompt what "
            "shall change and what shall stay.",
            param="mask",
        )
    pictures = [file for file in files if _IMAGE_FIELD.fullmatch(file.field)]
    if not 1 <= len(pictures) <= _MOST_PICTURES:
        raise InvalidRequest(
            f"`image` holds {len(pictures)} pictures: send from 1 to {_MOST_PICTURES} as files of a form.",
            param="image",
        )
    return ImageCall(
        kind="image_edit",
        model=fields.get("model"),
        prompt=_prompt(fields.get("prompt", "")),
        pictures=tuple(_attached(file, number) for number, file in enumerate(pictures, 1)),
        n=read_count(fields.get("n")),
        response_format=_response_format(fields.get("response_format")),
        stream=fields.get("stream", "").lower() in ("true", "1"),
    )


def _attached(file: FormFile, number: int) -> Attachment:
    found = picture(file.data)
    if found is None:
        raise InvalidRequest(
            f"`image` number {number} is no picture of a kind that models know: send PNG, JPEG, WebP, GIF "
            "or AVIF.",
            param="image",
        )
    return attachment(data_uri(found.content_type, found.data), number=number, param="image")


def _prompt(text: str) -> str:
    if not text.strip():
        raise InvalidRequest("`prompt` is empty: say what the picture shall show.", param="prompt")
    return text


def _response_format(text: str | None) -> Literal["url", "b64_json"] | None:
    match text:
        case "url" | "b64_json" | None:
            return text
        case _:
            raise InvalidRequest(
                f"`response_format` is {text[:40]!r}: use url or b64_json.", param="response_format"
            )
