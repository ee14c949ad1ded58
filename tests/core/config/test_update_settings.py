from lmarena_bridge.core.config.settings import SETTINGS, Settings
from lmarena_bridge.core.config.update_settings import UpdateSettings


def test_as_it_comes_nothing_is_asked_of_the_network() -> None:
    settings = UpdateSettings()
    assert settings.update_url == ""
    assert settings.update_public_key == ""
    assert settings.enable_auto_update


def test_they_are_settings_of_the_file_in_one_section() -> None:
    assert isinstance(Settings(), UpdateSettings)
    section = [name for name, each in SETTINGS.items() if each.section == "Updates" and each.in_use]
    assert section == ["enable_auto_update", "update_url", "update_public_key"]
