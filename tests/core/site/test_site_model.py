from typing import Any

import pytest

from lmarena_bridge.core.site.site_model import SiteModel, site_models

# As gathered in autumn 2025 (site-protocol.md 8).
GEMINI: dict[str, Any] = {
    "id": "019aa208-5c19-7162-ae3b-0a9ddbb1e16a",
    "publicName": "gemini-3-pro-image-preview",
    "name": "gemini-3-pro-image-preview",
    "organization": "google",
    "provider": "googleVertex",
    "capabilities": {
        "inputCapabilities": {"text": True, "image": {"multipleImages": True, "requiresUpload": True}},
        "outputCapabilities": {"image": {"aspectRatios": ["1:1"]}},
    },
    "rank": 1,
    "rankByModality": {"chat": 9007199254740991, "image": 1},
}


def one(**fields: Any) -> SiteModel:
    (model,) = site_models([{"id": "a-1", "publicName": "A", **fields}])
    return model


def giving(**outputs: Any) -> str:
    return one(capabilities={"outputCapabilities": outputs}).kind


def test_a_model_is_read_as_the_site_writes_it() -> None:
    (model,) = site_models([GEMINI])
    assert model == SiteModel(
        id="019aa208-5c19-7162-ae3b-0a9ddbb1e16a",
        name="gemini-3-pro-image-preview",
        kind="image",
        organization="google",
        provider="googleVertex",
        inputs=("text", "image"),
        raw={},
    )
    assert model.raw is GEMINI


def test_what_a_model_gives_is_its_kind() -> None:
    assert giving(text=True) == "text"
    assert giving(text=True, web=True, code={}) == "text"
    assert giving(image={}) == "image"
    assert giving(text=True, search=True) == "search"
    assert giving(text=True, search=True, image=True) == "image"
    assert giving(video=True) == "video"
    assert giving(image=False, video=None, text=True) == "text"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"capabilities": None},
        {"capabilities": "$7:3:capabilities"},
        {"capabilities": {"outputCapabilities": "$undefined", "inputCapabilities": ["image"]}},
        {"organization": None, "provider": 7, "somethingNew": {"a": [1]}},
    ],
)
def test_a_model_that_says_less_or_more_is_a_model_still(fields: dict[str, Any]) -> None:
    assert one(**fields) == SiteModel("a-1", "A", "text", "", "", (), {})


def test_half_a_character_becomes_a_whole_one() -> None:
    model = one(publicName="otter \ud83e", organization="\ud83e\udda6")
    assert (model.name, model.organization) == ("otter \ufffd", "🦦")


def test_one_id_is_one_model_and_one_name_may_be_two() -> None:
    objects = [
        {"id": "1", "publicName": "kling"},
        {"id": "2", "publicName": "kling"},
        {"id": "1", "publicName": "kling again"},
    ]
    assert [(model.id, model.name) for model in site_models(objects)] == [("1", "kling"), ("2", "kling")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        {"id": "1"},
        {"publicName": "A"},
        {"id": 1, "publicName": "A"},
        {"id": "1", "publicName": None},
        {"id": "1", "publicName": "  "},
        {"id": "", "publicName": "A"},
        {"id": "1:image", "publicName": "A"},
        {"id": "$7", "publicName": "A"},
        {"id": "1" * 101, "publicName": "A"},
    ],
)
def test_anything_else_is_no_model(value: object) -> None:
    assert site_models([value]) == ()


def test_ranks_make_no_other_model() -> None:
    assert one(rank=1) == one(rank=2)
    assert one() != one(organization="x")


def test_a_model_is_mapped_by_its_id_and_its_kind() -> None:
    assert one().mapped == "a-1"
    assert one(capabilities={"outputCapabilities": {"image": True}}).mapped == "a-1:image"
