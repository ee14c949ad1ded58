import dataclasses

import pytest

from lmarena_bridge.core.config.attachment_settings import AttachmentSettings
from lmarena_bridge.core.config.setting import declared
from lmarena_bridge.core.config.tool_settings import ToolSettings

INHERITED = len(dataclasses.fields(AttachmentSettings))
SETTINGS = declared(dataclasses.fields(ToolSettings)[INHERITED:])


def test_by_default_tools_are_used_where_they_are_needed_and_where_they_are_small() -> None:
    said = dataclasses.asdict(ToolSettings())
    assert {name: said[name] for name in SETTINGS} == {
        "tool_calling": "auto",
        "tool_calling_on_for": (),
        "tool_calling_off_for": (),
        "tool_prompt_bytes": 16_000,
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_passes_its_own_check_and_is_explained(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.check.read(setting.default) == setting.default
    assert setting.about
