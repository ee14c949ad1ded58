import typing

import pytest

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.builders import BUILDERS, builder_for
from lmarena_bridge.core.site.retry import retry_builder
from lmarena_bridge.core.site.target import Target

TARGET = Target("demo", None, "text", "s", "m", "battle", "b")


def test_every_builder_that_the_settings_know_is_there() -> None:
    choices = typing.get_args(typing.get_type_hints(Settings)["request_builder"])
    assert set(choices) == set(BUILDERS)


@pytest.mark.parametrize("name", BUILDERS)
def test_the_settings_choose_the_builder(name: typing.Literal["retry"]) -> None:
    settings = Settings(request_builder=name)
    assert builder_for(TARGET, settings) == BUILDERS[name](TARGET, settings)


def test_the_default_is_a_retry() -> None:
    assert builder_for(TARGET, Settings()) == retry_builder(TARGET, Settings())
