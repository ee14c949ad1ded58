import pytest

from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role, ToolCall
from lmarena_bridge.core.chat.shaping import Shaping, is_plain, shape

FILE = Attachment("image_1.png", "image/png", "https://example.org/a.png")
OTHER = Attachment("image_2.webp", "image/webp", "https://example.org/b.webp")
TEXT = Attachment("file_3.txt", "text/plain", "https://example.org/c.txt")

NOTHING = Shaping()
TAVERN = Shaping(one_system_prompt=True)
IMAGES = Shaping(images_before_marker=True)
BLANK = Shaping(blank_turn=True)


def shaped(*messages: Message, by: Shaping = NOTHING) -> tuple[Message, ...]:
    request = shape(ChatRequest("a-model", messages), by)
    assert request.model == "a-model"
    return request.messages


def system(text: str, *files: Attachment) -> Message:
    return Message(Role.SYSTEM, text, files)


def user(text: str, *files: Attachment) -> Message:
    return Message(Role.USER, text, files)


def assistant(text: str, *files: Attachment) -> Message:
    return Message(Role.ASSISTANT, text, files)


def test_what_the_developer_says_becomes_a_system_prompt() -> None:
    assert shaped(Message(Role.DEVELOPER, "Be terse.", (FILE,)), user("Hi")) == (
        system("Be terse.", FILE),
        user("Hi"),
    )


@pytest.mark.parametrize("blank", ["", " ", "\n\t \u00a0"])
def test_a_blank_user_text_becomes_one_space(blank: str) -> None:
    assert shaped(user(blank, FILE)) == (user(" ", FILE),)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.ASSISTANT])
def test_a_blank_text_of_somebody_else_stays(role: Role) -> None:
    assert shaped(Message(role, "")) == (Message(role, ""),)


@pytest.mark.parametrize("by", [NOTHING, TAVERN, IMAGES, Shaping(True, True, False)])
def test_all_other_messages_stay_as_they_are_in_their_order(by: Shaping) -> None:
    messages = (
        system("Rules."),
        user(" Hello "),
        assistant("Hi!", FILE),
        user("Go on"),
        assistant("So I begin with"),
    )
    assert shaped(*messages, by=by) == messages


# -- Tavern mode --------------------------------------------------------------------------------------------


def test_all_system_prompts_become_one_at_the_beginning() -> None:
    messages = (
        user("Hello"),
        system("Rules.", FILE),
        assistant("Hi!"),
        Message(Role.DEVELOPER, "[Start a new Chat]\n", (OTHER,)),
        system(" "),
        user("Go on"),
    )
    assert shaped(*messages, by=TAVERN) == (
        system("Rules.\n\n[Start a new Chat]\n", FILE, OTHER),
        user("Hello"),
        assistant("Hi!"),
        user("Go on"),
    )


def test_without_a_system_prompt_none_is_made() -> None:
    assert shaped(user("Hello"), by=TAVERN) == (user("Hello"),)


def test_several_system_prompts_stay_where_they_are_unless_that_is_wanted() -> None:
    messages = (system("One."), user("Hello"), system("Two."))
    assert shaped(*messages) == messages


# -- the marker ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What is this? --bypass", "What is this?"),
        ("What is this?--bypass", "What is this?"),
        ("What is this? \n\t--bypass \n", "What is this?"),
        ("ab--bypass", "ab"),
        ("--bypass", " "),
        ("--bypass--bypass", "--bypass"),
    ],
)
def test_images_of_a_marked_message_become_an_assistants_turn_before_it(text: str, left: str) -> None:
    assert shaped(user("Hello"), assistant("Hi!"), user(text, FILE, TEXT, OTHER), by=IMAGES) == (
        user("Hello"),
        assistant("Hi!"),
        assistant("", FILE, OTHER),
        user(left, TEXT),
    )


def test_the_assistant_never_begins_the_conversation() -> None:
    assert shaped(system("Rules."), user("Look --bypass", FILE), by=IMAGES) == (
        system("Rules."),
        user("Hi"),
        assistant("", FILE),
        user("Look"),
    )


@pytest.mark.parametrize(
    "last",
    [
        user("What is this? --bypass"),
        user("What is this? --bypass", TEXT),
        user("What is this? --bypass please", FILE),
        user("What is this? --BYPASS", FILE),
        assistant("What is this? --bypass", FILE),
    ],
)
def test_only_a_users_last_message_with_marker_and_image_is_changed(last: Message) -> None:
    assert shaped(user("Look --bypass", FILE), last, by=IMAGES) == (user("Look --bypass", FILE), last)


def test_the_marker_means_nothing_unless_it_is_wanted() -> None:
    assert shaped(user("Look --bypass", FILE)) == (user("Look --bypass", FILE),)


# -- the blank turn -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [user("Hello"), assistant("So I begin with")])
def test_a_blank_user_turn_comes_last(last: Message) -> None:
    assert shaped(last, by=BLANK) == (last, user(" "))


def test_a_conversation_can_be_shaped_in_all_ways_at_once() -> None:
    messages = (user("Look --bypass", FILE), Message(Role.DEVELOPER, "B"))
    assert shaped(*messages[::-1], by=Shaping(True, True, True)) == (
        system("B"),
        user("Hi"),
        assistant("", FILE),
        user("Look"),
        user(" "),
    )


def test_what_was_thought_for_earlier_answers_can_be_left_out_of_them() -> None:
    thought = "<think>\nHm\n</think>\n\nYes"
    assert shaped(user(thought), assistant(thought), by=Shaping(no_reasoning=True)) == (
        user(thought),
        assistant("Yes"),
    )
    assert shaped(assistant(thought)) == (assistant(thought),)


# -- what is left as it is -----------------------------------------------------------------------------------

PLAIN = (system("Rules."), assistant("Hi!"), user("Hello"))


@pytest.mark.parametrize(
    "message",
    [
        user("Look", FILE),
        user(""),
        user(" \n"),
        system(""),
        Message(Role.DEVELOPER, "Be terse."),
        Message(Role.TOOL, "Rain", call_id="1"),
        Message(Role.ASSISTANT, "Let me see.", calls=(ToolCall("1", "weather", "{}"),)),
    ],
)
def test_what_has_to_be_looked_at_closely_is_not_plain(message: Message) -> None:
    assert not is_plain(ChatRequest("a-model", (*PLAIN, message)))


def test_a_plain_conversation_is_one_that_nothing_would_change() -> None:
    assert is_plain(ChatRequest("a-model", PLAIN))
    assert shaped(*PLAIN) == PLAIN
