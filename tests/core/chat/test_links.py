from lmarena_bridge.core.chat.links import files_inside, linked_as_attachments, linked_as_text
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role

INSIDE = Attachment("a.png", "image/png", "data:image/png;base64,AAAA")
OTHER = Attachment("b.pdf", "application/pdf", "data:application/pdf;base64,BBBB")
LINKED = Attachment("c.png", "image/png", "https://example.org/c.png")
REQUEST = ChatRequest(
    "m",
    (
        Message(Role.USER, "Look:", (INSIDE, LINKED, OTHER)),
        Message(Role.ASSISTANT, "Hm."),
        Message(Role.USER, " ", (INSIDE,)),
    ),
)
LINKS = {INSIDE: "https://bed/1.png", OTHER: "https://bed/2.pdf"}


def test_files_whose_bytes_travel_are_found_once() -> None:
    assert files_inside(REQUEST) == (INSIDE, OTHER)


def test_links_as_text_stand_at_the_end_of_their_message() -> None:
    assert linked_as_text(REQUEST, LINKS).messages == (
        Message(Role.USER, "Look:\n\na.png: https://bed/1.png\nb.pdf: https://bed/2.pdf", (LINKED,)),
        Message(Role.ASSISTANT, "Hm."),
        Message(Role.USER, "a.png: https://bed/1.png"),
    )


def test_links_as_attachments_take_the_place_of_the_bytes() -> None:
    first, second, third = linked_as_attachments(REQUEST, LINKS).messages
    assert first.content == "Look:"
    assert [file.url for file in first.attachments] == ["https://bed/1.png", LINKED.url, "https://bed/2.pdf"]
    assert second == REQUEST.messages[1]
    assert third.attachments == (Attachment("a.png", "image/png", "https://bed/1.png"),)
