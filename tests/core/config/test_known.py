import pytest

from lmarena_bridge.core.config.known import kind_of, known_models, model_named
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import UnknownModel

LISTED = ModelEntry("listed", "id-1", "image")
CONFIG = Config(
    models={"listed": LISTED},
    sessions={"listed": (SessionEntry("s", "m"),), "pooled": (SessionEntry("s", "m"),)},
)


def test_models_with_sessions_alone_are_known_too() -> None:
    assert known_models(CONFIG) == (LISTED, ModelEntry("pooled", None, "text"))


def test_a_model_is_found_by_its_name() -> None:
    assert model_named("listed", CONFIG) is LISTED
    assert model_named("pooled", CONFIG).id is None


@pytest.mark.parametrize(("name", "kind"), [("listed", "image"), ("pooled", "text"), ("gpt-4o", "")])
def test_the_kind_of_a_model_is_told_whether_it_is_known_or_not(name: str, kind: str) -> None:
    assert kind_of(name, CONFIG) == kind


def test_a_name_nearly_right_is_met_with_the_right_one() -> None:
    with pytest.raises(UnknownModel, match="Did you mean 'pooled'") as refused:
        model_named("poolde", CONFIG)
    assert refused.value.param == "model"


def test_a_name_far_off_is_told_where_the_names_are() -> None:
    with pytest.raises(UnknownModel, match="GET /v1/models") as refused:
        model_named("gpt-4o", CONFIG)
    assert "Did you mean" not in refused.value.message


def test_without_any_model_the_person_is_told_where_to_put_one() -> None:
    with pytest.raises(UnknownModel, match=r"models\.json"):
        model_named("m", Config())
