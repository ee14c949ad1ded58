import re

import pytest

from lmarena_bridge.core.config.default_files import models_text, sessions_text, settings_text
from lmarena_bridge.core.config.files import Reading, read_models, read_sessions, read_settings
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.settings import SETTINGS, Settings


def test_the_files_of_the_first_start_say_the_defaults_without_a_warning() -> None:
    assert read_settings(settings_text().encode()) == Reading(Settings())
    assert read_models(models_text().encode()) == Reading({})
    assert read_sessions(sessions_text().encode()) == Reading({})


def test_every_setting_that_does_something_stands_in_the_file_and_no_other() -> None:
    in_use = [name for name, each in SETTINGS.items() if each.in_use]
    assert list(loads(settings_text()).value) == ["$schema", *in_use]
    for name, setting in SETTINGS.items():
        assert (name in settings_text()) == setting.in_use


def test_every_explanation_stands_right_above_its_setting() -> None:
    text = settings_text()
    for setting in SETTINGS.values():
        if setting.in_use and setting.about:
            last_word = re.escape(setting.about.split()[-1])
            assert re.search(rf'{last_word}\n  "{setting.name}": ', text)


@pytest.mark.parametrize("line", settings_text().splitlines())
def test_no_line_is_too_long_to_read_or_ends_in_a_blank(line: str) -> None:
    assert len(line) <= 104
    assert line == line.rstrip()


def test_an_editor_that_forbids_trailing_commas_has_nothing_to_complain_about() -> None:
    assert re.search(r",\s*\}", settings_text().replace("// ", "").split("\n{\n")[1]) is None


def test_numbers_are_written_as_people_write_them() -> None:
    assert '"queue_timeout_seconds": 60,' in settings_text()
    assert '"allowed_hosts": [],' in settings_text()


def test_an_editor_finds_the_schema_beside_the_file() -> None:
    assert loads(settings_text()).value["$schema"] == "./state/config.schema.json"


def test_the_opening_says_what_to_do_next() -> None:
    opening = settings_text().split("\n{\n")[0]
    assert "http://127.0.0.1:5102/LMArenaApiBridge.user.js" in opening
    assert "lmarena-bridge config check" in opening
