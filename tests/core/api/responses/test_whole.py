import json

from openai.types.responses import Response

from core.api.official import official
from lmarena_bridge.core.api.responses.requests import decode_responses_body
from lmarena_bridge.core.api.responses.resource import ResponseHead
from lmarena_bridge.core.api.responses.whole import deleted_body, response_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason, Usage
from lmarena_bridge.core.chat.request import ToolCall

HEAD = ResponseHead("resp_1", 5, decode_responses_body(b'{"model": "m", "input": "Hi"}'))
EXTRAS = frozenset({"frequency_penalty", "presence_penalty", "store"})


def response(completion: Completion) -> Response:
    return official(Response, response_body(completion, HEAD, 6), known_extras=EXTRAS)


def test_thoughts_text_and_calls_are_items() -> None:
    calls = (ToolCall("call_1", "f", '{"a":1}'), ToolCall("call_2", "g", "{}"))
    told = response(Completion("Hi", FinishReason.TOOL_CALLS, "Hm", calls=calls, usage=Usage(3, 5)))
    assert [item.type for item in told.output] == ["reasoning", "message", "function_call", "function_call"]
    assert told.output_text == "Hi"
    assert len({item.id for item in told.output}) == 4
    assert (told.status, told.completed_at) == ("completed", 6)


def test_what_was_cut_says_so() -> None:
    told = response(Completion("Hi", FinishReason.LENGTH))
    (message,) = told.output
    assert message.type == "message"
    assert (told.status, message.status) == ("incomplete", "incomplete")


def test_an_answer_of_nothing_has_no_items() -> None:
    assert response(Completion("", FinishReason.STOP)).output == []


def test_a_deleted_response() -> None:
    assert json.loads(deleted_body("resp_1")) == {"id": "resp_1", "object": "response", "deleted": True}
