import pytest

from lmarena_bridge.core.errors import UnknownModel
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.site_model import SiteModel


def model(model_id: str, name: str, kind: str = "text", inputs: str = "text", maker: str = "") -> SiteModel:
    return SiteModel(model_id, name, kind, maker, "", tuple(inputs.split()), {})


def names(*models: SiteModel) -> list[str]:
    catalogue = Catalogue(models)
    assert catalogue.models == models
    return [catalogue.name_of(each) for each in models]


GPT = model("g1", "gpt-4.1-mini")
CLAUDE = model("c1", "Claude Opus 4")
FROM_TEXT = model("019ade00-00a2", "kling", "video", "text")
FROM_IMAGE = model("019ade00-00a3", "kling", "video", "image")
ALL = Catalogue((GPT, CLAUDE, FROM_TEXT, FROM_IMAGE))


def test_a_name_that_one_model_has_is_its_name() -> None:
    assert names(GPT, CLAUDE) == ["gpt-4.1-mini", "Claude Opus 4"]
    assert names() == []


def test_models_of_one_name_are_told_apart_by_what_they_are() -> None:
    assert names(model("1", "x"), model("2", "x", "image")) == ["x-text", "x-image"]
    assert names(FROM_TEXT, FROM_IMAGE) == ["kling-text", "kling-image"]
    assert names(model("1", "x", inputs="text"), model("2", "x", inputs="text image")) == [
        "x-text",
        "x-text-image",
    ]
    assert names(model("1", "x", maker="acme"), model("2", "x", maker="other")) == ["x-acme", "x-other"]


def test_models_that_say_nothing_of_themselves_are_told_apart_by_their_ids() -> None:
    one, two = model("019ade00-00a2", "x", inputs=""), model("019ade00-00a3", "x", inputs="")
    assert names(one, two) == ["x-00a2", "x-00a3"]
    assert names(model("a-0000", "x"), model("b-0000", "x")) == ["x-a-0000", "x-b-0000"]


def test_no_made_up_name_is_the_name_of_another_model() -> None:
    twins = (model("0001", "x"), model("0002", "x", "image"))
    assert names(*twins, model("3", "x-image")) == ["x-0001", "x-0002", "x-image"]
    others = (model("0003", "x-0001"), model("0004", "x-image"))
    assert names(*twins, *others) == ["0001", "0002", "x-0001", "x-image"]
    first = (model("1", "y-a"), model("2", "y-a", "image"), model("0005", "y"), model("0006", "y"))
    made = names(*first)
    assert made == ["y-a-text", "y-a-image", "y-0005", "y-0006"]
    assert len(set(made)) == 4


def test_a_model_is_found_by_its_id_and_by_its_names() -> None:
    assert ALL.named("019ade00-00a3") == (FROM_IMAGE,)
    assert ALL.named("kling-image") == (FROM_IMAGE,)
    assert ALL.named(" gpt-4.1-mini ") == (GPT,)
    assert ALL.named("claude opus 4") == (CLAUDE,)


def test_a_name_that_several_have_gives_all_of_them() -> None:
    assert ALL.named("kling") == (FROM_TEXT, FROM_IMAGE)
    assert ALL.named("Kling") == (FROM_TEXT, FROM_IMAGE)


def test_the_exact_name_comes_before_one_that_differs_in_its_case() -> None:
    lower, upper = model("1", "grok"), model("2", "Grok")
    catalogue = Catalogue((lower, upper))
    assert catalogue.named("grok") == (lower,)
    assert catalogue.named("Grok") == (upper,)
    assert catalogue.named("GROK") == (lower, upper)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("gpt", "Did you mean 'gpt-4.1-mini'?"),
        ("GPT-4.1-MINNI", "Did you mean 'gpt-4.1-mini'?"),
        ("opus", "Did you mean 'Claude Opus 4'?"),
        ("kling-vid", "Did you mean 'kling-image' or 'kling-text'?"),
    ],
)
def test_an_unknown_name_gets_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        ALL.named(typed)
    assert near in caught.value.message
    assert caught.value.message.startswith(f"The site has no model {typed!r}.")


@pytest.mark.parametrize("typed", ["", "g", "zzzzzz"])
def test_what_is_near_nothing_gets_no_suggestion(typed: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        ALL.named(typed)
    assert "Did you mean" not in caught.value.message
    assert "models list" in caught.value.message


def test_a_catalogue_knows_its_ids() -> None:
    assert "g1" in ALL
    assert "gpt-4.1-mini" not in ALL
    assert None not in ALL
