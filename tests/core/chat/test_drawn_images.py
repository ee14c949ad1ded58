import pytest

from lmarena_bridge.core.chat.drawn_images import DrawnImages, drawn_images_as_attachments, image_addresses
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role

PNG = "data:image/png;base64,iVBORw0KGgo="
WEB = "https://example.org/a.png"
OWN = "http://127.0.0.1:5102/images/0a.png"
IMAGE = Attachment("image_1.png", "image/png", PNG)
LINK = Attachment("image_1.png", "image/png", WEB)
NEXT = Message(Role.USER, "now make it blue")


def chat(*texts: str) -> ChatRequest:
    return ChatRequest("m", (*(Message(Role.ASSISTANT, text) for text in texts), NEXT))


def after(request: ChatRequest, room: int = 1000, held: dict[str, str] | None = None) -> list[Message]:
    *messages, last = drawn_images_as_attachments(request, DrawnImages(held or {}, room)).messages
    assert last is NEXT
    return messages


def drawn(*files: Attachment) -> Message:
    return Message(Role.ASSISTANT, "", files)


@pytest.mark.parametrize(
    "text",
    [f"![image]({WEB})", f'![]( <{WEB}> "a title" )', f"\n![a hedgehog]({WEB})\n"],
)
def test_an_answer_that_is_an_image_becomes_one(text: str) -> None:
    assert after(chat(text)) == [drawn(LINK)]


def test_the_image_of_a_data_uri_comes_out_of_the_text() -> None:
    assert after(chat(f"![image]({PNG})")) == [drawn(IMAGE)]


def test_text_around_an_image_stays_in_a_turn_before_it() -> None:
    assert after(chat(f"Here: ![a]({WEB}) and ![b]({PNG}) too.")) == [
        Message(Role.ASSISTANT, "Here:  and  too."),
        drawn(LINK, Attachment("image_2.png", "image/png", PNG)),
    ]


def test_attachments_that_were_there_stay_with_the_text() -> None:
    message = Message(Role.ASSISTANT, f"![a]({WEB})", (IMAGE,))
    assert after(ChatRequest("m", (message, NEXT))) == [Message(Role.ASSISTANT, "", (IMAGE,)), drawn(LINK)]


@pytest.mark.parametrize(
    "text",
    ["words", "![a](ftp://example.org/a.png)", "![a](file:///a.png)", "[a](https://example.org/a.png)"],
)
def test_what_is_no_image_on_the_web_stays_text(text: str) -> None:
    assert after(chat(text)) == [Message(Role.ASSISTANT, text)]


def test_a_broken_data_uri_leaves_its_name() -> None:
    assert after(chat("![a hedgehog](data:image/png;base64,A)")) == [Message(Role.ASSISTANT, "[a hedgehog]")]
    assert after(chat("![](data:image/png;base64,A)")) == [Message(Role.ASSISTANT, "[image]")]


def test_a_web_address_that_is_none_stays_as_it_was() -> None:
    assert after(chat("![a](https://?)")) == [Message(Role.ASSISTANT, "![a](https://?)")]


def test_only_the_assistants_images_are_taken() -> None:
    request = ChatRequest("m", (Message(Role.USER, f"![a]({WEB})"), NEXT))
    assert after(request) == list(request.messages[:1])
    assert image_addresses(request) == ()


def test_an_image_that_is_held_here_goes_along_as_its_bytes() -> None:
    request = chat(f"![a]({OWN})", f"![a]({OWN}) ![b]({PNG}) ![c]({WEB})")
    assert image_addresses(request) == (OWN, WEB)
    assert after(request, held={OWN: PNG})[0] == drawn(IMAGE)


def test_where_room_is_short_the_newest_images_win() -> None:
    request = chat(f"![one]({PNG})", f"![two]({PNG})", f"![three]({WEB})")
    assert after(request, room=len(PNG)) == [
        Message(Role.ASSISTANT, "[one]"),
        drawn(IMAGE),
        drawn(LINK),
    ]
    both = chat(f"![one]({PNG}) ![two]({PNG})")
    assert after(both, room=len(PNG)) == [Message(Role.ASSISTANT, "[two]"), drawn(IMAGE)]


def test_a_held_image_without_room_keeps_its_address() -> None:
    assert after(chat(f"![a]({OWN})"), room=3, held={OWN: PNG}) == [Message(Role.ASSISTANT, f"![a]({OWN})")]
