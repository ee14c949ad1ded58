import json

import pytest
from anthropic.types import TextBlock, ThinkingBlock, ToolUseBlock, Usage

from core.api.official import official
from lmarena_bridge.core.api.anthropic.wording import (
    message_fields,
    stopped,
    text_block,
    thinking_block,
    tool_use_block,
    usage_at_the_end,
    usage_fields,
)
from lmarena_bridge.core.chat.events import FinishReason
from lmarena_bridge.core.chat.events import Usage as Counted


@pytest.mark.parametrize(
    ("reason", "stop", "told"),
    [
        (FinishReason.STOP, "", "end_turn"),
        (FinishReason.STOP, "END", "stop_sequence"),
        (FinishReason.LENGTH, "", "max_tokens"),
        (FinishReason.CONTENT_FILTER, "", "refusal"),
        (FinishReason.TOOL_CALLS, "", "tool_use"),
    ],
)
def test_why_an_answer_ended(reason: FinishReason, stop: str, told: str) -> None:
    said = stopped(reason, stop)
    assert said["stop_reason"] == told
    assert said["stop_sequence"] == (stop or None)
    assert (said["stop_details"] is not None) == (told == "refusal")


def test_usage_has_every_key_that_the_official_schema_wants() -> None:
    used = official(Usage, json.dumps(usage_fields(Counted(3, 5, reasoning_tokens=2))))
    assert (used.input_tokens, used.output_tokens) == (3, 5)
    assert used.output_tokens_details is not None
    assert used.output_tokens_details.thinking_tokens == 2
    assert usage_at_the_end(None)["output_tokens"] == 0
    assert set(usage_fields(None)) == {
        "cache_creation",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "inference_geo",
        "input_tokens",
        "output_tokens",
        "output_tokens_details",
        "server_tool_use",
        "service_tier",
    }


def test_blocks_are_official_ones() -> None:
    assert official(TextBlock, json.dumps(text_block("Hi"))).citations == []
    assert official(ThinkingBlock, json.dumps(thinking_block("Hm", "s"))).thinking == "Hm"
    assert official(ToolUseBlock, json.dumps(tool_use_block("toolu_1", "f", {"a": 1}))).input == {"a": 1}
    assert message_fields("msg_1", "m")["role"] == "assistant"
