import msgspec
import pytest

from lmarena_bridge.core.api.openai.messages import ChatMessage, read_message, read_messages, read_plain
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role, ToolCall
from lmarena_bridge.core.chat.shaping import is_plain
from lmarena_bridge.core.errors import InvalidRequest

PNG = "data:image/png;base64,iVBORw0KGgo="


def read(**fields: object) -> Message:
    return read_message(msgspec.convert(fields, ChatMessage), "messages[2]")


def refusal(**fields: object) -> tuple[str | None, str]:
    with pytest.raises(InvalidRequest) as caught:
        read(**fields)
    return caught.value.param, caught.value.message


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TOOL])
def test_a_role_of_our_own_stays_what_it_is(role: Role) -> None:
    assert read(role=role.value, content="Hi", name="bob") == Message(role, "Hi")


@pytest.mark.parametrize(
    "fields",
    [
        *({"role": role.value, "refusal": "No"} for role in Role if role is not Role.TOOL),
        {"content": ""},
        {"content": [{"type": "text", "text": "Hi"}]},
        {"role": "tool"},
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "look"}}]},
        {"role": "assistant", "function_call": {"name": "look"}},
    ],
)
def test_all_messages_are_read_as_each_alone_the_short_way_or_not(fields: dict[str, object]) -> None:
    message = msgspec.convert({"role": "user", "content": "Hi", **fields}, ChatMessage)
    alone = read_message(message, "messages[0]")
    assert read_messages([message, message]) == (alone, alone)


PLAIN_ROLES = (Role.SYSTEM, Role.USER, Role.ASSISTANT)


@pytest.mark.parametrize("role", PLAIN_ROLES)
def test_texts_are_plain_and_read_as_ever(role: Role) -> None:
    messages = [ChatMessage("user", "Hi"), ChatMessage(role.value, " ą\n", name="bob", refusal="No")]
    plain = read_plain(messages)
    assert plain == read_messages(messages)
    assert is_plain(ChatRequest("m", tuple(plain or ())))


@pytest.mark.parametrize(
    "fields",
    [
        *({"role": role.value} for role in Role if role not in PLAIN_ROLES),
        {"role": "robot"},
        {"content": ""},
        {"content": " \n"},
        {"content": None},
        {"content": [{"type": "text", "text": "Hi"}]},
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "look"}}]},
        {"role": "assistant", "function_call": {"name": "look"}},
    ],
)
def test_what_is_more_than_a_text_is_not_plain(fields: dict[str, object]) -> None:
    message = msgspec.convert({"role": "user", "content": "Hi", **fields}, ChatMessage)
    assert read_plain([ChatMessage("user", "Hi"), message]) is None


def test_how_a_text_was_written_is_kept_where_that_is_told() -> None:
    messages = [ChatMessage("user", "ą"), ChatMessage("tool", "ć")]
    raw = [msgspec.Raw(b'"\xc4\x85"'), msgspec.Raw(b'"\xc4\x87"')]
    first, second = read_messages(messages, contents=raw)
    assert first.written is not None
    assert first == Message(Role.USER, "ą", written=first.written)
    assert (first.written.text, first.written.json) == (first.content, raw[0])
    assert first.written.text is first.content
    assert second == Message(Role.TOOL, "ć")
    assert read_messages(messages)[0].written is None


def test_which_of_them_is_wrong_is_told() -> None:
    right, wrong = ChatMessage("user", "Hi"), ChatMessage("robot", "Hi")
    with pytest.raises(InvalidRequest) as caught:
        read_messages([right, right, wrong])
    assert caught.value.param == "messages[2].role"


def test_an_unknown_role_is_refused() -> None:
    param, message = refusal(role="robot" * 100, content="Hi")
    assert param == "messages[2].role"
    assert "use system, developer, user, assistant or tool" in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        ([{"type": "text", "text": "one"}], "one"),
        (
            [{"type": "text", "text": "one"}, {"type": "text", "text": ""}, {"type": "text", "text": "two"}],
            "one\n\ntwo",
        ),
        ([{"type": "refusal", "refusal": "I cannot."}], "I cannot."),
    ],
)
def test_text_is_a_string_or_a_list_of_parts_or_nothing(content: object, text: str) -> None:
    assert read(role="assistant", content=content) == Message(Role.ASSISTANT, text)


def test_pictures_become_attachments_in_their_order() -> None:
    content = [
        {"type": "image_url", "image_url": {"url": PNG, "detail": "../../etc/passwd"}},
        {"type": "text", "text": "Which is the cat?"},
        {"type": "image_url", "image_url": "https://example.org/cat.jpg"},
        {"type": "image_url", "image_url": "https://example.org/picture?id=1"},
    ]
    assert read(role="user", content=content) == Message(
        Role.USER,
        "Which is the cat?",
        (
            Attachment("image_1.png", "image/png", PNG),
            Attachment("image_2.jpg", "image/jpeg", "https://example.org/cat.jpg"),
            Attachment("image_3.png", "image/png", "https://example.org/picture?id=1"),
        ),
    )


def test_the_uploads_that_a_message_names_are_put_in() -> None:
    named = {"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}
    message = msgspec.convert(named, ChatMessage)
    file = Attachment("notes.md", "text/markdown", "data:text/markdown;base64,AAAA")
    assert read_message(message, "messages[0]", {"file-1": file}) == Message(Role.USER, "", (file,))
    assert read_messages([message], {"file-1": file}) == (Message(Role.USER, "", (file,)),)


def test_a_broken_part_is_named_by_its_place() -> None:
    param, _ = refusal(role="user", content=[{"type": "text", "text": "Look:"}, {"type": "text"}])
    assert param == "messages[2].content[1].text"


def test_a_refusal_is_what_the_assistant_said() -> None:
    assert read(role="assistant", content=None, refusal="I cannot.") == Message(Role.ASSISTANT, "I cannot.")


def test_calls_of_tools_belong_to_the_assistants_turn() -> None:
    calls = [
        {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Łódź"}'}},
        {"id": "call_2", "type": "function", "function": {"name": "time", "arguments": {"zone": "UTC"}}},
        {"type": "custom"},
    ]
    assert read(role="assistant", content="Let me see.", tool_calls=calls) == Message(
        Role.ASSISTANT,
        "Let me see.",
        calls=(
            ToolCall("call_1", "weather", '{"city":"Łódź"}'),
            ToolCall("call_2", "time", '{"zone":"UTC"}'),
            ToolCall("", "", "{}"),
        ),
    )


def test_the_call_of_a_function_in_the_old_form_is_known_by_its_name() -> None:
    call = {"name": "weather", "arguments": "{}"}
    assert read(role="assistant", function_call=call) == Message(
        Role.ASSISTANT, "", calls=(ToolCall("weather", "weather", "{}"),)
    )
    assert read(role="assistant", function_call={}).calls == (ToolCall("", "", "{}"),)


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"role": "tool", "tool_call_id": "call_1"}, "call_1"),
        ({"role": "function", "name": "weather"}, "weather"),
        ({"role": "tool"}, ""),
    ],
)
def test_the_result_of_a_tool_says_which_call_it_answers(fields: dict[str, object], source: str) -> None:
    content = [{"type": "text", "text": "Rain"}, {"type": "image_url", "image_url": PNG}]
    assert read(content=content, **fields) == Message(
        Role.TOOL, "Rain", (Attachment("image_1.png", "image/png", PNG),), call_id=source
    )
