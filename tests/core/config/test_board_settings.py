from dataclasses import fields

from lmarena_bridge.core.config.board_settings import BoardSettings
from lmarena_bridge.core.config.setting import declared
from lmarena_bridge.core.config.settings import SETTINGS
from lmarena_bridge.core.config.update_settings import UpdateSettings

DECLARED = list(declared(fields(BoardSettings)[len(fields(UpdateSettings)) :]))


def test_all_of_them_are_settings_of_config_jsonc_in_one_section() -> None:
    assert {SETTINGS[name].section for name in DECLARED} == {"What the start page keeps"}
    assert all(SETTINGS[name].about for name in DECLARED)


def test_what_was_asked_and_answered_is_kept_only_for_those_who_say_so() -> None:
    settings = BoardSettings()
    assert settings.record_requests
    assert not settings.record_conversations


def test_the_history_has_bounds_and_they_count_at_once() -> None:
    settings = BoardSettings()
    assert (settings.history_keep_days, settings.history_max_mb) == (30, 100)
    assert not any(SETTINGS[name].at_start for name in DECLARED)
