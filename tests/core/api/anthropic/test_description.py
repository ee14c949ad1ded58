import json

import jsonschema_rs
import pytest

from lmarena_bridge.core.api.anthropic.description import ANTHROPIC
from lmarena_bridge.core.api.anthropic.errors import error_body
from lmarena_bridge.core.api.anthropic.whole import message_body, token_count_body
from lmarena_bridge.core.api.description import schemas
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason
from lmarena_bridge.core.errors import NoTab


def judge(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas(ANTHROPIC)}}, offline=True
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "AnthropicMessage",
            message_body(Completion("Hi", FinishReason.STOP), message_id="msg_1", model="m"),
        ),
        ("AnthropicTokens", token_count_body(7)),
        ("AnthropicError", error_body(NoTab("none"), "req_1")),
    ],
)
def test_what_is_written_is_what_is_described(name: str, body: bytes) -> None:
    judge(name).validate(json.loads(body))


def test_what_is_described_is_more_than_nothing() -> None:
    for name in ANTHROPIC.schemas:
        assert not judge(name).is_valid("nothing")
    assert judge("MessagesBody").is_valid({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
    assert not judge("MessagesBody").is_valid({"model": "m", "messages": []})
