"""What clients get under /v1/images: one object, or an event for each picture as soon as it is there."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from lmarena_bridge.core.api.sse import escape
from lmarena_bridge.core.chat.pictures import Picture

# The only formats that OpenAI's events know.
_FORMATS: Final = frozenset({"png", "webp", "jpeg"})


# A picture's bytes, or the address where it is.
ImageResult = Picture | str


def images_body(results: Sequence[ImageResult], *, created: int) -> bytes:
    """An `ImagesResponse`; `created` in whole seconds since 1970."""
    return msgspec.json.encode({"created": created, "data": [_image(result) for result in results]})


def completed_event(
    picture: Picture, *, kind: Literal["image_generation", "image_edit"], created: int
) -> bytes:
    """The record that a picture is ready. The site draws no half-finished ones, so there are no others."""
    name = f"{kind}.completed"
    output = picture.content_type.removeprefix("image/")
    event = {
        "type": name,
        "b64_json": b64encode(picture.data).decode("ascii"),
        "created_at": created,
        "size": "auto",
        "quality": "auto",
        "background": "auto",
        "output_format": output if output in _FORMATS else "png",
        # The site counts nothing; OpenAI's schema wants numbers.
        "usage": {
            "input_tokens": 0,
            "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
            "output_tokens": 0,
            "total_tokens": 0,
        },
    }
    return escape(b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(event)))


def _image(result: ImageResult) -> dict[str, str]:
    if isinstance(result, str):
        return {"url": result}
    return {"b64_json": b64encode(result.data).decode("ascii")}
