from base64 import b64encode
from typing import Literal

import pytest
from openai.types import ImageEditCompletedEvent, ImageGenCompletedEvent, ImagesResponse

from core.api.official import official
from lmarena_bridge.core.api.openai.image_results import completed_event, images_body
from lmarena_bridge.core.chat.pictures import Picture

PNG = Picture(b"\x89PNG\r\n\x1a\n", "image/png")


def test_a_picture_is_an_address_or_its_bytes() -> None:
    told = official(ImagesResponse, images_body(["https://example.org/a.png", PNG], created=1_760_000_000))
    assert told.created == 1_760_000_000
    assert told.data is not None
    assert [(image.url, image.b64_json) for image in told.data] == [
        ("https://example.org/a.png", None),
        (None, b64encode(PNG.data).decode()),
    ]


@pytest.mark.parametrize(
    ("kind", "model"),
    [("image_generation", ImageGenCompletedEvent), ("image_edit", ImageEditCompletedEvent)],
)
def test_a_picture_that_is_ready_is_an_event(
    kind: Literal["image_generation", "image_edit"],
    model: type[ImageGenCompletedEvent] | type[ImageEditCompletedEvent],
) -> None:
    name, data, *rest = completed_event(PNG, kind=kind, created=1).decode().split("\n")
    assert (name, rest) == (f"event: {kind}.completed", ["", ""])
    event = official(model, data.removeprefix("data: "))
    assert event.type == f"{kind}.completed"
    assert event.b64_json == b64encode(PNG.data).decode()
    assert event.output_format == "png"


@pytest.mark.parametrize(
    ("content_type", "told"), [("image/jpeg", "jpeg"), ("image/webp", "webp"), ("image/gif", "png")]
)
def test_formats_are_those_that_the_events_know(content_type: str, told: str) -> None:
    record = completed_event(Picture(b"x", content_type), kind="image_edit", created=1).decode()
    event = official(ImageEditCompletedEvent, record.split("data: ")[1])
    assert event.output_format == told
