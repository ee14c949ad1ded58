from lmarena_bridge.core.api.responses.offered import Offer
from lmarena_bridge.core.api.responses.requests import decode_responses_body
from lmarena_bridge.core.api.responses.resource import ResponseHead
from lmarena_bridge.core.api.responses.said import said_in
from lmarena_bridge.core.api.responses.whole import response_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason
from lmarena_bridge.core.chat.request import Message, Role, ToolCall


def test_an_answer_is_what_the_assistant_said_and_called() -> None:
    offer = Offer(names={("agents", "f"): "agents__f"})
    body = decode_responses_body(b'{"model": "m", "input": "Hi"}')
    head = ResponseHead("resp_1", 5, body, offer.origins())
    call = ToolCall("call_1", "agents__f", "{}")
    whole = response_body(Completion("Hi", FinishReason.TOOL_CALLS, "Hm", calls=(call,)), head, 6)
    assert said_in(whole, offer) == (Message(Role.ASSISTANT, "Hi", calls=(call,)),)
