import dataclasses

import pytest

from lmarena_bridge.core.config.answer_settings import AnswerSettings
from lmarena_bridge.core.config.setting import declared
from lmarena_bridge.core.config.tool_settings import ToolSettings

INHERITED = len(dataclasses.fields(ToolSettings))
SETTINGS = declared(dataclasses.fields(AnswerSettings)[INHERITED:])


def test_by_default_reasoning_has_its_field_and_sources_are_listed() -> None:
    said = dataclasses.asdict(AnswerSettings())
    assert {name: said[name] for name in SETTINGS} == {
        "reasoning_output_mode": "reasoning_content",
        "strip_reasoning_from_history": False,
        "sources_in_text": True,
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_passes_its_own_check_and_is_explained(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.check.read(setting.default) == setting.default
    assert setting.about


def test_the_word_of_earlier_bridges_is_known() -> None:
    assert SETTINGS["reasoning_output_mode"].check.read("openai") == "openai"
    with pytest.raises(ValueError):
        SETTINGS["reasoning_output_mode"].check.read("aloud")
