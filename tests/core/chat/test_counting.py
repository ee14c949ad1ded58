from lmarena_bridge.core.chat.counting import Answered, around, said
from lmarena_bridge.core.chat.events import (
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.request import (
    Attachment,
    ChatRequest,
    Message,
    Role,
    Tool,
    ToolCall,
    ToolUse,
)


def test_all_that_is_said_is_counted_calls_and_tools_included() -> None:
    call = ToolCall("call_1", "add", '{"a":1}')
    request = ChatRequest(
        "m",
        (Message(Role.USER, "Hi"), Message(Role.ASSISTANT, "", calls=(call,)), Message(Role.USER, "")),
        tools=ToolUse((Tool("add", "Adds.", "{}"),)),
    )
    assert said(request) == 'Hi\nadd {"a":1}\nadd Adds. {}'
    assert said(ChatRequest("m", (Message(Role.USER, "Hi"),))) == "Hi"


def test_messages_and_files_cost_something_of_their_own() -> None:
    file = Attachment("a.png", "image/png", "data:image/png;base64,AAAA")
    bare = ChatRequest("m", (Message(Role.USER, "Hi"),))
    assert around(ChatRequest("m", (Message(Role.USER, "Hi", (file,)),))) - around(bare) == 85
    assert around(ChatRequest("m", bare.messages * 2)) - around(bare) == 3


def test_an_answer_is_its_text_its_calls_its_reasoning_and_its_pictures() -> None:
    answered = Answered()
    answered.add([ReasoningDelta("Hm"), TextDelta("Hel"), CitationFound("https://x", "x")])
    answered.add([TextDelta("lo"), ToolCallBegun("call_1", "add"), ToolArguments("{}")])
    answered.add([ImageProduced("https://x", "image/png"), Finished(FinishReason.STOP)])
    assert answered.text == "Helloadd{}"
    assert answered.reasoning == "Hm"
    assert answered.usage(prompt=10, text=3, reasoning=1) == Usage(10, 89, reasoning_tokens=1, estimated=True)
