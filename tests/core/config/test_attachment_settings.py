import dataclasses

import pytest

from lmarena_bridge.core.config.attachment_settings import AttachmentSettings
from lmarena_bridge.core.config.board_settings import BoardSettings
from lmarena_bridge.core.config.setting import declared

INHERITED = dataclasses.fields(BoardSettings)
SETTINGS = declared(dataclasses.fields(AttachmentSettings)[len(INHERITED) :])


def test_by_default_no_image_is_changed_and_pictures_go_to_models_that_draw() -> None:
    said = dataclasses.asdict(AttachmentSettings())
    assert {name: said[name] for name in SETTINGS} == {
        "site_max_body_bytes": 5_242_880,
        "image_max_bytes": 0,
        "markdown_images": "image_models",
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_passes_its_own_check_and_is_explained(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.check.read(setting.default) == setting.default
    assert setting.about


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site_max_body_bytes", 0),
        ("image_max_bytes", -1),
        ("markdown_images", True),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        SETTINGS[name].check.read(value)
