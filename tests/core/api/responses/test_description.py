import json

import jsonschema_rs

from lmarena_bridge.core.api.description import schemas
from lmarena_bridge.core.api.responses.description import RESPONSES
from lmarena_bridge.core.api.responses.requests import decode_responses_body
from lmarena_bridge.core.api.responses.resource import ResponseHead
from lmarena_bridge.core.api.responses.whole import response_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason


def judge(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas(RESPONSES)}}, offline=True
    )


def test_what_is_written_is_what_is_described() -> None:
    head = ResponseHead("resp_1", 5, decode_responses_body(b'{"model": "m", "input": "Hi"}'))
    judge("Response").validate(json.loads(response_body(Completion("Hi", FinishReason.STOP), head, 6)))


def test_what_is_described_is_more_than_nothing() -> None:
    for name in RESPONSES.schemas:
        assert not judge(name).is_valid("nothing")
    assert judge("ResponsesBody").is_valid({"model": "m", "input": "Hi"})
    assert not judge("ResponsesBody").is_valid({"model": " ", "input": "Hi"})
