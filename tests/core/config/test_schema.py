import json
import re
from typing import Any

import pytest

from lmarena_bridge.core.config.default_files import settings_text
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.schema import SCHEMA_PLACE, schema_text, settings_schema
from lmarena_bridge.core.config.settings import PASSED_OVER, SETTINGS

PROPERTIES: dict[str, Any] = settings_schema()["properties"]


def test_every_key_that_may_stand_in_the_file_is_known_and_no_other() -> None:
    assert set(PROPERTIES) == {*SETTINGS, *PASSED_OVER}
    assert settings_schema()["additionalProperties"] is False
    assert set(loads(settings_text()).value) <= set(PROPERTIES)


def test_the_text_is_plain_json() -> None:
    assert json.loads(schema_text()) == json.loads(json.dumps(settings_schema()))
    assert schema_text().endswith("}\n")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_default_its_meaning_and_its_error(name: str) -> None:
    setting, said = SETTINGS[name], PROPERTIES[name]
    assert said["default"] == setting.default
    assert said["errorMessage"] == f'"{name}" must be {setting.check.expected}.'
    assert said.items() >= setting.check.schema.items()
    assert said["description"].startswith(setting.about if setting.in_use else "It is read, but nothing")
    assert len(said["description"]) > 20


def test_what_has_no_words_of_its_own_is_explained_by_what_stands_above_it() -> None:
    assert PROPERTIES["message_id"]["description"] == PROPERTIES["session_id"]["description"]


def test_what_waits_for_the_next_start_says_so() -> None:
    waiting = [name for name in SETTINGS if re.search("next start", PROPERTIES[name]["description"])]
    assert waiting[:2] == ["host", "port"]
    assert waiting == [name for name, setting in SETTINGS.items() if setting.at_start]


def test_keys_of_earlier_bridges_are_no_mistakes() -> None:
    assert PROPERTIES["version"] == {"description": "Of earlier bridges. It has no meaning here."}


def test_the_file_of_the_first_start_names_it() -> None:
    assert loads(settings_text()).value["$schema"] == SCHEMA_PLACE
