import json

from openai.pagination import SyncPage
from openai.types import Model

from core.api.openai.official import official
from lmarena_bridge.core.api.openai.models import model_body, models_body
from lmarena_bridge.core.config.models import ModelEntry

EXTRAS = frozenset({"type"})
ENTRIES = (
    ModelEntry(name="claude-opus-4-20250514", id="0f0e", kind="text"),
    ModelEntry(name="an/odd:näme", id=None, kind="image"),
)


def test_the_list_holds_every_model_in_order() -> None:
    page = official(SyncPage[Model], models_body(ENTRIES), known_extras=EXTRAS)
    assert page.object == "list"
    assert [model.id for model in page.data] == ["claude-opus-4-20250514", "an/odd:näme"]
    assert {model.owned_by for model in page.data} == {"lmarena"}


def test_no_models_are_an_empty_list() -> None:
    assert json.loads(models_body(())) == {"object": "list", "data": []}


def test_one_model_is_told_as_in_the_list() -> None:
    for entry in ENTRIES:
        assert official(Model, model_body(entry), known_extras=EXTRAS).id == entry.name
        assert json.loads(model_body(entry)) in json.loads(models_body(ENTRIES))["data"]


def test_the_type_of_each_model_is_told() -> None:
    assert [model["type"] for model in json.loads(models_body(ENTRIES))["data"]] == ["text", "image"]
    assert json.loads(model_body(ENTRIES[1]))["type"] == "image"


def test_the_answer_is_the_same_every_time() -> None:
    assert models_body(ENTRIES) == models_body(ENTRIES)
    assert 0 < json.loads(model_body(ENTRIES[0]))["created"] < 2_000_000_000
