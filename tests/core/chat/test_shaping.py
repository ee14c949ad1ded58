import pytest

from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.chat.shaping import shape

FILE = Attachment("image_1.png", "image/png", "https://example.org/a.png")


def shaped(*messages: Message) -> tuple[Message, ...]:
    request = shape(ChatRequest("a-model", messages))
    assert request.model == "a-model"
    return request.messages


def test_what_the_developer_says_becomes_a_system_prompt() -> None:
    assert shaped(Message(Role.DEVELOPER, "Be terse.", (FILE,)), Message(Role.USER, "Hi")) == (
        Message(Role.SYSTEM, "Be terse.", (FILE,)),
        Message(Role.USER, "Hi"),
    )


@pytest.mark.parametrize("blank", ["", " ", "\n\t \u00a0"])
def test_a_blank_user_text_becomes_one_space(blank: str) -> None:
    assert shaped(Message(Role.USER, blank, (FILE,))) == (Message(Role.USER, " ", (FILE,)),)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.ASSISTANT])
def test_a_blank_text_of_somebody_else_stays(role: Role) -> None:
    assert shaped(Message(role, "")) == (Message(role, ""),)


def test_all_other_messages_stay_as_they_are_in_their_order() -> None:
    messages = (
        Message(Role.SYSTEM, "Rules."),
        Message(Role.USER, " Hello "),
        Message(Role.ASSISTANT, "Hi!", (FILE,)),
        Message(Role.USER, "Go on"),
        Message(Role.ASSISTANT, "So I begin with"),
    )
    assert shaped(*messages) == messages
