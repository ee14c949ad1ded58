from msgspec import Raw
from msgspec.structs import replace

from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role, Tool, ToolUse, Written


def test_a_request_is_a_value() -> None:
    image = Attachment("image.png", "image/png", "data:image/png;base64,AA==")
    first, second = (ChatRequest("m", (Message(Role.USER, "hi", (image,)),)) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)


def test_how_a_text_was_written_is_no_hindrance_to_that() -> None:
    written = Written("hi", Raw(b'"hi"'))
    first, second = (ChatRequest("m", (Message(Role.USER, "hi", written=written),)) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)


def test_a_message_has_no_attachments_unless_it_is_given_some() -> None:
    assert Message(Role.USER, "hi").attachments == ()


def test_a_request_asks_for_a_plain_answer_unless_it_says_more() -> None:
    plain = ChatRequest("m", (Message(Role.USER, "hi"),))
    assert (plain.stop, plain.max_tokens, plain.format, plain.tools) == ((), None, None, None)
    assert plain != replace(plain, tools=ToolUse((Tool("read"),)))


def test_roles_are_those_the_dialects_map_onto() -> None:
    assert {str(role) for role in Role} == {"system", "developer", "user", "assistant", "tool"}
