import json
from base64 import b64encode

import pytest

from lmarena_bridge.core.api.openai.images import FormFile, ImageCall, decode_generation, read_edit
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.errors import InvalidRequest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
JPEG = b"\xff\xd8\xff\xe0" + bytes(8)
PHOTO = FormFile("image", PNG)


def generation(**fields: object) -> ImageCall:
    return decode_generation(json.dumps({"prompt": "a fox", **fields}).encode())


def edit(*files: FormFile, **fields: str) -> ImageCall:
    return read_edit({"prompt": "make it blue", **fields}, files)


def test_a_prompt_is_enough() -> None:
    assert generation() == ImageCall("image_generation", None, "a fox")


def test_what_is_asked_for_is_read() -> None:
    call = generation(model="m", n=3, response_format="b64_json", stream=True)
    assert call == ImageCall("image_generation", "m", "a fox", (), 3, "b64_json", True)
    assert generation(response_format="url").response_format == "url"


def test_what_the_site_has_no_place_for_is_passed_over() -> None:
    call = generation(
        size="1024x1536",
        quality="high",
        style="vivid",
        background="transparent",
        output_format="webp",
        output_compression=80,
        moderation="low",
        partial_images=3,
        user="somebody",
    )
    assert call == generation()


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": " "}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"n": 0}, "n"),
        ({"response_format": "png"}, "response_format"),
        ({"model": 1}, "model"),
    ],
)
def test_what_cannot_be_is_refused_by_name(fields: dict[str, object], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        generation(**fields)
    assert caught.value.param == param


def test_the_question_is_one_message_with_the_pictures() -> None:
    call = edit(PHOTO)
    assert call.request("m") == ChatRequest(
        "m", (Message(Role.USER, "make it blue", call.pictures),), counted=False
    )


def test_pictures_of_a_form_become_attachments_in_their_order() -> None:
    call = edit(FormFile("image[]", PNG), FormFile("image[1]", JPEG), FormFile("other", b"?"))
    assert call.pictures == (
        Attachment("image_1.png", "image/png", f"data:image/png;base64,{b64encode(PNG).decode()}"),
        Attachment("image_2.jpg", "image/jpeg", f"data:image/jpeg;base64,{b64encode(JPEG).decode()}"),
    )


@pytest.mark.parametrize(("text", "streamed"), [("true", True), ("1", True), ("false", False), ("", False)])
def test_the_fields_of_a_form_are_texts(text: str, streamed: bool) -> None:
    call = edit(PHOTO, model="m", n="2", response_format="url", stream=text)
    assert (call.kind, call.model, call.n, call.response_format) == ("image_edit", "m", 2, "url")
    assert call.stream is streamed


@pytest.mark.parametrize("given", [(PHOTO, FormFile("mask", PNG)), (PHOTO,)])
def test_a_mask_is_refused_with_another_way(given: tuple[FormFile, ...]) -> None:
    fields = {} if len(given) == 2 else {"mask": "data"}
    with pytest.raises(InvalidRequest, match="say in the prompt") as caught:
        edit(*given, **fields)
    assert caught.value.param == "mask"


@pytest.mark.parametrize(
    "files",
    [(), (FormFile("picture", PNG),), (PHOTO,) * 11, (PHOTO, FormFile("image", b"<svg/>"))],
)
def test_too_few_too_many_and_no_pictures_are_refused(files: tuple[FormFile, ...]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        edit(*files)
    assert caught.value.param == "image"


def test_a_form_without_a_prompt_is_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_edit({}, [PHOTO])
    assert caught.value.param == "prompt"
