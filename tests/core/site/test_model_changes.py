from dataclasses import replace

from lmarena_bridge.core.site.model_changes import ModelChanges, differences, model_changes
from lmarena_bridge.core.site.site_model import SiteModel

A = SiteModel("1", "A", "text", "google", "vertex", ("text",), {"rank": 1})
B = SiteModel("2", "B", "image", "", "", ("text", "image"), {})
TWIN = replace(A, id="3", inputs=("image",))


def test_lists_that_say_the_same_have_no_changes() -> None:
    assert model_changes((), ()) == ModelChanges((), (), ())
    assert model_changes((A, B), (B, replace(A, raw={"rank": 7}))) == ModelChanges((), (), ())


def test_new_and_gone_are_told_in_the_order_of_the_lists() -> None:
    assert model_changes((A,), (TWIN, A, B)) == ModelChanges(new=(TWIN, B), gone=(), changed=())
    assert model_changes((TWIN, A, B), (A,)) == ModelChanges(new=(), gone=(TWIN, B), changed=())


def test_a_name_with_another_id_is_another_model() -> None:
    assert model_changes((A,), (replace(A, id="9"),)) == ModelChanges((replace(A, id="9"),), (A,), ())


def test_a_model_that_is_told_differently_has_changed() -> None:
    renamed = replace(A, name="A 2")
    assert model_changes((A, B), (renamed, B)).changed == ((A, renamed),)


def test_differences_are_told_in_words() -> None:
    assert differences(A, A) == ()
    assert differences(A, replace(A, name="A 2", kind="search")) == ("name A → A 2", "type text → search")
    assert differences(A, replace(A, organization="", provider="x", inputs=("text", "image"))) == (
        "organization google → none",
        "provider vertex → x",
        "inputs text → text+image",
    )
