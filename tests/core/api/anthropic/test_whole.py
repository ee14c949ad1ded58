import json

from anthropic.types import Message, MessageTokensCount, TextBlock, ThinkingBlock, ToolUseBlock

from core.api.official import official
from lmarena_bridge.core.api.anthropic.whole import message_body, token_count_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason, Usage
from lmarena_bridge.core.chat.request import ToolCall


def message(completion: Completion) -> Message:
    return official(Message, message_body(completion, message_id="msg_1", model="m"))


def test_a_text_is_one_block() -> None:
    told = message(Completion("Hi", FinishReason.STOP, usage=Usage(3, 1)))
    assert (told.id, told.model, told.stop_reason) == ("msg_1", "m", "end_turn")
    assert told.content == [TextBlock(type="text", text="Hi", citations=[])]
    assert (told.usage.input_tokens, told.usage.output_tokens) == (3, 1)


def test_thoughts_come_first_and_calls_last() -> None:
    calls = (ToolCall("toolu_1", "f", '{"a":1}'), ToolCall("toolu_2", "g", '{"cut": "of'))
    told = message(Completion("Hi", FinishReason.TOOL_CALLS, "Hm", calls=calls))
    thinking, text, first, cut = told.content
    assert isinstance(thinking, ThinkingBlock)
    assert thinking.signature
    assert isinstance(text, TextBlock)
    assert isinstance(first, ToolUseBlock)
    assert first.input == {"a": 1}
    assert isinstance(cut, ToolUseBlock)
    assert cut.input == {}
    assert told.stop_reason == "tool_use"


def test_the_stop_sequence_is_told() -> None:
    told = message(Completion("", FinishReason.STOP, stop="END"))
    assert (told.content, told.stop_reason, told.stop_sequence) == ([], "stop_sequence", "END")


def test_a_count_of_tokens() -> None:
    assert official(MessageTokensCount, token_count_body(7)).input_tokens == 7
    assert json.loads(token_count_body(7)) == {"input_tokens": 7}
