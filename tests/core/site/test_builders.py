import typing

import pytest

from lmarena_bridge.core.chat.request import ChatRequest, Message, Role
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.builders import BUILDERS, build
from lmarena_bridge.core.site.request import Moment
from lmarena_bridge.core.site.retry import build_retry
from lmarena_bridge.core.site.target import Target

ID = "0199f3a1-7c4e-7b1a-8d2f-3e4a5b6c7d8e"
TARGET = Target("demo", None, "text", ID, ID, "direct_chat", "a")
QUESTION = ChatRequest("demo", (Message(Role.USER, "hi"),))
MOMENT = Moment(lambda: ID, "2025-10-01T10:00:00.000Z")


def test_every_builder_that_the_settings_know_is_there() -> None:
    choices = typing.get_args(typing.get_type_hints(Settings)["request_builder"])
    assert set(choices) == set(BUILDERS)


@pytest.mark.parametrize("name", BUILDERS)
def test_the_settings_choose_the_builder(name: typing.Literal["retry"]) -> None:
    settings = Settings(request_builder=name)
    assert build(QUESTION, TARGET, settings, MOMENT) == BUILDERS[name](QUESTION, TARGET, settings, MOMENT)


def test_the_default_is_a_retry() -> None:
    settings = Settings()
    assert build(QUESTION, TARGET, settings, MOMENT) == build_retry(QUESTION, TARGET, settings, MOMENT)
