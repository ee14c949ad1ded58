import pytest

from lmarena_bridge.core.chat.attachments import data_uri
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.chat.sizes import Room, check_attachments, too_large
from lmarena_bridge.core.errors import TooLarge

ROOM = Room(limit=5_000_000, file_bed=False, scaling=False)


def file(size: int, name: str = "photo.png", kind: str = "image/png") -> Attachment:
    return Attachment(name, kind, data_uri(kind, bytes(size)))


def chat(*files: Attachment) -> ChatRequest:
    return ChatRequest("m", (Message(Role.USER, "Look", files[:1]), Message(Role.USER, "x", files[1:])))


def refusal(request: ChatRequest, room: Room = ROOM) -> str:
    with pytest.raises(TooLarge) as caught:
        check_attachments(request, room)
    assert caught.value.param == "messages"
    return caught.value.message


def test_what_fits_passes() -> None:
    check_attachments(chat(file(3_000_000)), ROOM)
    check_attachments(chat(), ROOM)


def test_an_image_that_does_not_fit_is_named_with_its_size_and_the_ways_out() -> None:
    assert refusal(chat(file(6_000_000))) == (
        "The attachment 'photo.png' of 6.0 MB does not fit: the request would have 8.0 MB, and LMArena takes "
        "about 5.0 MB in one request, the whole conversation included. Send a smaller file, or switch on the "
        "file bed (file_bed_enabled) or have images scaled down (image_max_bytes) in config.jsonc."
    )


@pytest.mark.parametrize(
    ("kind", "room", "ways"),
    [
        ("application/pdf", ROOM, ", or switch on the file bed (file_bed_enabled) in config.jsonc."),
        ("image/png", Room(9, file_bed=True, scaling=False), ", or have images scaled down"),
        ("image/png", Room(9, file_bed=False, scaling=True), "(file_bed_enabled) in config.jsonc."),
        ("image/png", Room(9, file_bed=True, scaling=True), "Send a smaller file."),
    ],
)
def test_only_ways_that_are_open_are_named(kind: str, room: Room, ways: str) -> None:
    message = refusal(chat(file(6_000_000, kind=kind)), room)
    assert ways in message
    assert message.endswith(("in config.jsonc.", "Send a smaller file."))


def test_of_several_the_largest_is_named() -> None:
    message = refusal(chat(file(2_000_000, "a.png"), file(2_500_000, "b.png"), file(10, "c.png")))
    assert "'b.png' of 2.5 MB does not fit, with 2 more attachments" in message


@pytest.mark.parametrize(
    "files", [(), (file(9),), (Attachment("a.png", "image/png", "https://example.org/a.png"),)]
)
def test_a_conversation_whose_text_is_too_large_says_so(files: tuple[Attachment, ...]) -> None:
    said = too_large(chat(*files), 7_000_000, ROOM)
    assert said.param == "messages"
    assert said.message.startswith("This conversation is too large, 7.0 MB: ")
    assert "Shorten it" in said.message
