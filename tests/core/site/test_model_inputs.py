import pytest

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.core.site.model_inputs import NOTHING_KNOWN, ModelInputs, check_inputs, model_inputs
from lmarena_bridge.core.site.site_model import site_models


def listed(**models: dict[str, object]) -> ModelInputs:
    objects = [
        {"id": name, "publicName": name, "capabilities": {"inputCapabilities": takes}}
        for name, takes in models.items()
    ]
    return model_inputs(site_models(objects))


INPUTS = listed(writer={"text": True}, seer={"text": True, "image": {"multipleImages": True}}, silent={})


@pytest.mark.parametrize(
    ("model", "content_type", "takes"),
    [
        ("writer", "image/png", False),
        ("seer", "image/png", True),
        # The list says nothing about these kinds of files.
        ("writer", "audio/wav", True),
        ("writer", "video/mp4", True),
        ("writer", "application/pdf", True),
        ("writer", "application/zip", True),
        ("writer", "text/csv", True),
        # Nothing is known of these models.
        ("silent", "image/png", True),
        ("stranger", "image/png", True),
        (None, "image/png", True),
    ],
)
def test_only_what_is_known_not_to_be_taken_is_not(model: str | None, content_type: str, takes: bool) -> None:
    assert INPUTS.takes(model, content_type) is takes


@pytest.mark.parametrize(
    ("word", "content_type"),
    [("audio", "audio/wav"), ("video", "video/mp4"), ("pdf", "application/pdf"), ("file", "application/zip")],
)
def test_a_kind_that_the_list_names_for_one_model_is_not_taken_by_the_others(
    word: str, content_type: str
) -> None:
    inputs = listed(one={"text": True, word: True}, other={"text": True})
    assert inputs.takes("one", content_type)
    assert not inputs.takes("other", content_type)


def test_a_model_that_takes_files_takes_pdf() -> None:
    assert listed(one={"text": True, "file": True}).takes("one", "application/pdf")


def test_without_a_list_nothing_is_known() -> None:
    assert NOTHING_KNOWN.takes("writer", "image/png")
    assert model_inputs(()) == NOTHING_KNOWN


def test_what_a_model_does_not_take_is_refused_with_its_name() -> None:
    file = Attachment("photo.png", "image/png", "data:image/png;base64,AAAA")
    with pytest.raises(InvalidRequest) as caught:
        check_inputs("my-model", "writer", [file], INPUTS)
    assert caught.value.message == (
        "The model 'my-model' does not take images: LMArena lists it as taking only text. Leave 'photo.png' "
        "(image/png) out, or ask a model that takes it."
    )
    assert caught.value.param == "messages"
    check_inputs("my-model", "seer", [file], INPUTS)


@pytest.mark.parametrize(
    ("word", "content_type", "words"),
    [("audio", "audio/wav", "audio"), ("video", "video/mp4", "video"), ("file", "a/b", "files of this kind")],
)
def test_every_kind_has_its_word(word: str, content_type: str, words: str) -> None:
    inputs = listed(one={word: True}, other={"text": True})
    with pytest.raises(InvalidRequest, match=f"does not take {words}:"):
        check_inputs("m", "other", [Attachment("x", content_type, "https://e.org/x")], inputs)
