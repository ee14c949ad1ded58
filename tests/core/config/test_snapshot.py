import dataclasses

import pytest

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config


def test_a_config_without_files_holds_the_defaults_and_nothing_else() -> None:
    config = Config()
    assert config.settings == Settings()
    assert (len(config.models), len(config.sessions)) == (0, 0)


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().settings = Settings()  # type: ignore[misc]
    with pytest.raises(TypeError):
        Config().models["name"] = None  # type: ignore[index]
