"""config.jsonc: the settings of what a message carries besides text, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.board_settings import BoardSettings
from lmarena_bridge.core.config.checks import Choice, Whole
from lmarena_bridge.core.config.setting import setting

_ATTACHMENTS: Final = "Files and images that go to the model"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSettings(BoardSettings):
    """The part of the settings that is about attachments; those with slots can only stand in a row."""

    site_max_body_bytes: int = setting(
        5 * 1024 * 1024,
        Whole(1024, 2**40),
        section=_ATTACHMENTS,
        about="""What the site takes in one request, the whole conversation and its attachments together:
            about 5 MB. A request that is larger is refused before it is sent. In bytes.""",
    )
    image_max_bytes: int = setting(
        0,
        Whole(0, 2**40),
        section=_ATTACHMENTS,
        about="""Images that are larger are scaled down until they fit, to 1000000 for example. In bytes. 0:
            no image is changed.""",
    )
    markdown_images: Literal["image_models", "all", "off"] = setting(
        "image_models",
        Choice(("image_models", "all", "off")),
        section=_ATTACHMENTS,
        about="""Pictures in earlier answers, which clients send back as Markdown, go along as attachments, so
            that "now make it blue" works: to models that draw ("image_models"), to "all", or to none ("off").
            The newest come first, as far as there is room.""",
    )
