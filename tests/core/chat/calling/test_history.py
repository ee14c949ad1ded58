from lmarena_bridge.core.chat.calling.history import has_results, told_marked, told_plainly
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role, ToolCall

MARKERS = Markers("a1b2c3d4")
FILE = Attachment("image_1.png", "image/png", "https://example.org/a.png")
OTHER = Attachment("image_2.png", "image/png", "https://example.org/b.png")

QUESTION = Message(Role.USER, "The weather?")
CALLS = Message(
    Role.ASSISTANT,
    "I look.",
    calls=(ToolCall("call_1", "get_weather", '{"city": "Oslo"}'), ToolCall("call_2", "now", "")),
)
RAIN = Message(Role.TOOL, "Rain", (FILE,), call_id="call_1")
NOON = Message(Role.TOOL, "Noon", (OTHER,), call_id="call_2")
THANKS = Message(Role.USER, "Thanks")


def told(*messages: Message, plainly: bool = False) -> tuple[Message, ...]:
    request = ChatRequest("a-model", messages)
    return (told_plainly(request) if plainly else told_marked(request, MARKERS)).messages


def test_calls_and_results_stand_between_the_markers_of_this_request() -> None:
    assert told(QUESTION, CALLS, RAIN, NOON, THANKS) == (
        QUESTION,
        Message(
            Role.ASSISTANT,
            "I look.\n\n"
            '<tool_call_a1b2c3d4>{"name": "get_weather", "arguments": {"city": "Oslo"}, "id": "call_1"}'
            "</tool_call_a1b2c3d4>\n\n"
            '<tool_call_a1b2c3d4>{"name": "now", "arguments": {}, "id": "call_2"}</tool_call_a1b2c3d4>',
        ),
        Message(
            Role.USER,
            '<tool_result_a1b2c3d4 id="call_1" name="get_weather">\nRain\n</tool_result_a1b2c3d4>\n\n'
            '<tool_result_a1b2c3d4 id="call_2" name="now">\nNoon\n</tool_result_a1b2c3d4>',
            (FILE, OTHER),
        ),
        THANKS,
    )


def test_without_tools_they_are_told_in_words() -> None:
    assert told(QUESTION, CALLS, RAIN, NOON, THANKS, plainly=True) == (
        QUESTION,
        Message(
            Role.ASSISTANT,
            'I look.\n\n[Called get_weather with {"city": "Oslo"} as call_1]\n\n'
            "[Called now with {} as call_2]",
        ),
        Message(Role.USER, "[Result of call_1]\nRain\n\n[Result of call_2]\nNoon", (FILE, OTHER)),
        THANKS,
    )


def test_calls_and_results_without_names_are_told_all_the_same() -> None:
    messages = (Message(Role.ASSISTANT, "", calls=(ToolCall("", "", "{}"),)), Message(Role.TOOL, "Noon"))
    assert told(*messages) == (
        Message(Role.ASSISTANT, '<tool_call_a1b2c3d4>{"name": "", "arguments": {}}</tool_call_a1b2c3d4>'),
        Message(Role.USER, "<tool_result_a1b2c3d4>\nNoon\n</tool_result_a1b2c3d4>"),
    )
    assert told(*messages, plainly=True) == (
        Message(Role.ASSISTANT, "[Called a tool with {}]"),
        Message(Role.USER, "[Result of the call]\nNoon"),
    )


def test_a_name_cannot_leave_its_place() -> None:
    messages = (
        Message(Role.ASSISTANT, "", calls=(ToolCall('1"', 'a"b', "not json"),)),
        Message(Role.TOOL, "x", call_id='1"'),
    )
    call, result = told(*messages)
    assert call.content == (
        r'<tool_call_a1b2c3d4>{"name": "a\"b", "arguments": {}, "id": "1\""}</tool_call_a1b2c3d4>'
    )
    assert result.content.startswith(r'<tool_result_a1b2c3d4 id="1\"" name="a\"b">')


def test_other_messages_stay_as_they_are() -> None:
    messages = (Message(Role.SYSTEM, "Rules."), QUESTION, Message(Role.ASSISTANT, "Hi", (FILE,)), THANKS)
    assert told(*messages) == messages
    assert told(*messages, plainly=True) == messages


def test_results_in_a_conversation_are_seen() -> None:
    assert has_results(ChatRequest("a-model", (QUESTION, CALLS, RAIN)))
    assert not has_results(ChatRequest("a-model", (QUESTION, CALLS)))
