from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.model_additions import Additions, plan_additions
from lmarena_bridge.core.site.site_model import SiteModel

CHAT = SiteModel("1", "chat", "text", "", "", ("text",), {})
PAINTER = SiteModel("2", "painter", "image", "", "", ("text",), {})
TWINS = tuple(SiteModel(each, "kling", "video", "", "", (each,), {}) for each in ("text", "image"))
SITE = Catalogue((CHAT, PAINTER, *TWINS))


def plan(*chosen: SiteModel, **mapped: str | None) -> Additions:
    entries = {name: ModelEntry(name, model_id) for name, model_id in mapped.items()}
    return plan_additions(chosen, SITE, entries)


def test_models_are_written_as_models_json_has_them() -> None:
    assert plan(CHAT, PAINTER) == Additions(new={"chat": "1", "painter": "2:image"})


def test_two_models_of_one_name_get_a_name_each() -> None:
    assert plan(*TWINS).new == {"kling-text": "text:video", "kling-image": "image:video"}


def test_a_model_that_is_there_stays_under_the_name_it_has() -> None:
    assert plan(CHAT, PAINTER, mine="1") == Additions(new={"painter": "2:image"}, known=["mine"])


def test_a_name_whose_id_is_gone_from_the_site_is_renewed() -> None:
    assert plan(CHAT, chat="gone") == Additions(renewed={"chat": "1"})


def test_a_name_that_stands_for_something_else_stays() -> None:
    assert plan(CHAT, chat="2") == Additions(taken=["chat"])
    assert plan(CHAT, chat=None) == Additions(taken=["chat"])
