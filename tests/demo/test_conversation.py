from demo.asking import CHAT, retry_messages, talk
from lmarena_bridge.demo.conversation import Attachment, Turn, last_question, read_conversation


def test_messages_become_turns_without_directives() -> None:
    messages = retry_messages(CHAT, ("system", "Be kind."), "Hi #arena:torn", "Hello", "And? #arena:usage")
    conversation = read_conversation(messages)
    assert conversation.turns == (
        Turn("system", "Be kind."),
        Turn("user", "Hi"),
        Turn("assistant", "Hello"),
        Turn("user", "And?"),
    )
    assert conversation.instructions == "Be kind."
    assert conversation.question == "And?"
    assert len(conversation.spoken) == 3
    assert last_question(messages) == "And? #arena:usage"


def test_attachments_carry_their_size_when_they_were_sent_whole() -> None:
    messages = retry_messages(CHAT, "Look")
    messages[0]["experimental_attachments"] = [
        {"name": "a.txt", "contentType": "text/plain", "url": "data:text/plain;base64,aGVsbG8="},
        {"name": "b.png", "contentType": "image/png", "url": "https://example.org/b.png"},
    ]
    assert read_conversation(messages).attachments == (
        Attachment("a.txt", "text/plain", 5),
        Attachment("b.png", "image/png", None),
    )


def test_the_last_attachments_count_whoever_sent_them() -> None:
    file = Attachment("a.txt", "text/plain", 5)
    assert talk("a", attachments=(file,)).attachments == (file,)
    assert talk("a").attachments == ()


def test_without_a_user_there_is_no_question() -> None:
    assert talk(("assistant", "Hello")).question == ""
    assert last_question(retry_messages(CHAT, ("assistant", "Hello"))) == ""
