from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import InvalidRequest, UnknownModel
from lmarena_bridge.server.capture_order import CaptureOrder, read_order

MODELS = {"writer": ModelEntry("writer", "1"), "seeker": ModelEntry("seeker", "2", "search")}
CONFIG = Config(Settings(), MODELS)
LAST_TIME_B = Config(Settings(id_updater_last_mode="battle", id_updater_battle_target="B"), MODELS)


def order(config: Config = CONFIG, **said: Any) -> CaptureOrder:
    return read_order(msgspec.json.encode(said), config)


def test_what_is_not_said_is_as_it_was_the_last_time() -> None:
    assert read_order(b"", CONFIG) == CaptureOrder("direct_chat", None, None, False, 120)
    assert read_order(b"{}", LAST_TIME_B) == CaptureOrder("battle", "B", None, False, 120)


def test_everything_can_be_said() -> None:
    said = order(mode="battle", target="A", model="writer", append=True, timeout=3)
    assert said == CaptureOrder("battle", "A", "writer", True, 3)


def test_a_direct_chat_has_no_sides() -> None:
    assert order(LAST_TIME_B, mode="direct_chat", target="B").target is None


def test_a_model_that_is_not_known_must_be_meant() -> None:
    with pytest.raises(UnknownModel, match="Did you mean 'writer'"):
        order(model="write")
    assert order(model="write", new=True).model == "write"


@pytest.mark.parametrize("config", [CONFIG, LAST_TIME_B])
def test_a_search_model_answers_on_side_a_only(config: Config) -> None:
    assert order(config, model="seeker", mode="battle", target="A").target == "A"
    assert order(config, model="seeker", mode="direct_chat").target is None
    with pytest.raises(InvalidRequest, match="side A only"):
        order(config, model="seeker", mode="battle", target="B")


@pytest.mark.parametrize(
    "said",
    [
        {"mode": "duel"},
        {"target": "C"},
        {"model": 5},
        {"model": " ", "new": True},
        {"append": True},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": 3601},
        {"timeout": "long"},
        {"modell": "writer"},
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        order(**said)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"null"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_order(body, CONFIG)
