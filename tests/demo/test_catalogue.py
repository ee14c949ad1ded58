from lmarena_bridge.demo.catalogue import site_models
from lmarena_bridge.demo.models import DEMO_MODELS


def test_the_kind_of_a_model_shows_in_what_it_puts_out() -> None:
    objects = {each["id"]: each for each in site_models()}
    for model in DEMO_MODELS:
        output = objects[model.model_id]["capabilities"]["outputCapabilities"]
        assert ("image" in output) == (model.kind == "image")
        assert ("search" in output) == (model.kind == "search")


def test_ranks_are_given_for_one_modality_only() -> None:
    first = site_models()[0]
    assert first["rankByModality"] == {
        "chat": 1,
        "webdev": 9007199254740991,
        "image": 9007199254740991,
        "search": 9007199254740991,
    }
