import json

import jsonschema_rs
import pytest

from lmarena_bridge.core.api.description import schemas
from lmarena_bridge.core.api.models import model_body, models_body
from lmarena_bridge.core.api.openai.description import OPENAI
from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.api.openai.responses import completion_body
from lmarena_bridge.core.api.openai.text_answers import TextHead, text_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason, Usage
from lmarena_bridge.core.chat.request import ToolCall
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.errors import NoTab

MODEL = ModelEntry("m", "id")
CALLS = Completion("", FinishReason.TOOL_CALLS, calls=(ToolCall("1", "f", "{}"),), usage=Usage(1, 2, 1, True))


def judge(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas(OPENAI)}}, offline=True
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("ChatCompletion", completion_body([CALLS], id="x", created=1, model="m")),
        ("ChatCompletion", completion_body([CALLS], id="x", created=1, model="m", one_function=True)),
        ("Completion", text_body([Completion("a", FinishReason.STOP)], TextHead("x", 1, "m"), [""])),
        ("Error", error_body(NoTab("none", param="model"))),
        ("Model", model_body(MODEL, {})),
        ("Models", models_body([MODEL], {})),
        ("Models", models_body([], {})),
    ],
)
def test_what_is_written_is_what_is_described(name: str, body: bytes) -> None:
    judge(name).validate(json.loads(body))


def test_what_is_described_is_more_than_nothing() -> None:
    for name in OPENAI.schemas:
        assert not judge(name).is_valid("nothing")
    assert judge("ChatBody").is_valid({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
    assert not judge("ChatBody").is_valid({"model": "m", "messages": "Hi"})
