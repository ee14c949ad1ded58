import json
from dataclasses import dataclass

import pytest
from openai.pagination import SyncPage
from openai.types import Model

from core.api.official import official
from lmarena_bridge.core.api.models import model_body, models_body
from lmarena_bridge.core.config.models import ModelEntry

OURS = frozenset({"type", "display_name", "created_at", "lifecycle", "kind", "architecture"})
PAGE = frozenset({"has_more", "first_id", "last_id"})
ENTRIES = (
    ModelEntry(name="claude-opus-4-20250514", id="0f0e", kind="text"),
    ModelEntry(name="an/odd:näme", id=None, kind="image"),
)


@dataclass(frozen=True)
class Known:
    name: str
    kind: str = "text"
    organization: str = ""
    inputs: tuple[str, ...] = ()


def test_the_list_holds_every_model_in_order() -> None:
    page = official(SyncPage[Model], models_body(ENTRIES, {}), known_extras=OURS | PAGE)
    assert page.object == "list"
    assert [model.id for model in page.data] == ["claude-opus-4-20250514", "an/odd:näme"]
    assert {model.owned_by for model in page.data} == {"lmarena"}
    told = json.loads(models_body(ENTRIES, {}))
    assert (told["has_more"], told["first_id"], told["last_id"]) == (
        False,
        "claude-opus-4-20250514",
        "an/odd:näme",
    )


def test_no_models_are_an_empty_list() -> None:
    assert json.loads(models_body((), {})) == {
        "object": "list",
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }


def test_one_model_is_told_as_in_the_list() -> None:
    for entry in ENTRIES:
        assert official(Model, model_body(entry, {}), known_extras=OURS).id == entry.name
        assert json.loads(model_body(entry, {})) in json.loads(models_body(ENTRIES, {}))["data"]


def test_what_clients_of_the_other_kind_need_is_there() -> None:
    assert [
        (model["type"], model["display_name"], model["created_at"], model["lifecycle"], model["kind"])
        for model in json.loads(models_body(ENTRIES, {}))["data"]
    ] == [
        ("model", "claude-opus-4-20250514", "2025-01-01T00:00:00Z", "active", "text"),
        ("model", "an/odd:näme", "2025-01-01T00:00:00Z", "active", "image"),
    ]


@pytest.mark.parametrize(("kind", "gives"), [("text", "text"), ("search", "text"), ("image", "image")])
def test_what_the_site_says_of_a_model_is_told(kind: str, gives: str) -> None:
    known = {"0f0e": Known("Claude Opus 4", kind, "anthropic", ("text", "image"))}
    told = json.loads(model_body(ENTRIES[0], known))
    assert (told["display_name"], told["owned_by"]) == ("Claude Opus 4", "anthropic")
    assert told["architecture"] == {"input_modalities": ["text", "image"], "output_modalities": [gives]}


def test_what_it_does_not_say_is_left_out() -> None:
    told = json.loads(model_body(ENTRIES[0], {"0f0e": Known("", inputs=())}))
    assert (told["display_name"], told["owned_by"]) == ("claude-opus-4-20250514", "lmarena")
    assert "architecture" not in told


def test_the_answer_is_the_same_every_time() -> None:
    assert models_body(ENTRIES, {}) == models_body(ENTRIES, {})
