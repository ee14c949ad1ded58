"""The tables of docs/api.md against the program, and against the parameters that OpenAI's library knows."""

import json
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from openai.types import completion_create_params as of_completions
from openai.types.chat import completion_create_params as of_chats

from lmarena_bridge.core.api.openai.requests import decode_chat_body, read_chat
from lmarena_bridge.core.api.openai.text_requests import decode_text
from lmarena_bridge.core.errors import InvalidRequest

PAGE: Final = Path(__file__).parents[2] / "docs" / "api.md"
FUNCTION: Final = {"name": "f", "parameters": {"type": "object"}}

# What a client might send that would like to see a difference.
WISHES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "model": "another",
        "messages": [{"role": "user", "content": "Something else"}],
        "prompt": "Something else",
        "stream": True,
        "stream_options": {"include_usage": True},
        "n": 2,
        "stop": ["x"],
        "max_tokens": 5,
        "max_completion_tokens": 5,
        "response_format": {"type": "json_object"},
        "tools": [{"type": "function", "function": FUNCTION}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "functions": [FUNCTION],
        "function_call": "none",
        "logprobs": True,
        "top_logprobs": 2,
        "audio": {"voice": "alloy", "format": "wav"},
        "modalities": ["text", "audio"],
        "temperature": 2,
        "top_p": 0.1,
        "presence_penalty": 1,
        "frequency_penalty": 1,
        "logit_bias": {"50256": -100},
        "seed": 7,
        "reasoning_effort": "high",
        "verbosity": "low",
        "prediction": {"type": "content", "content": "x"},
        "web_search_options": {},
        "metadata": {"a": "b"},
        "store": True,
        "service_tier": "flex",
        "user": "somebody",
        "safety_identifier": "s",
        "moderation": {"model": "m"},
        "prompt_cache_key": "k",
        "prompt_cache_options": {},
        "prompt_cache_retention": "24h",
        "suffix": "The end.",
        "best_of": 5,
        "echo": True,
    }
)
# What is said together with others only.
NEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {"tool_choice": "tools", "parallel_tool_calls": "tools", "function_call": "functions"}
)


def table(heading: str) -> dict[str, str]:
    """Parameter to what becomes of it, of the table below a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {name.strip(" `"): here.strip() for name, here, *_ in rows}


def chat(fields: Mapping[str, Any]) -> object:
    body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}], **fields}
    return read_chat(decode_chat_body(json.dumps(body).encode()))


def text(fields: Mapping[str, Any]) -> object:
    return decode_text(json.dumps({"model": "m", "prompt": "Hello", **fields}).encode())


def treatment(read: Callable[[Mapping[str, Any]], object], name: str) -> str:
    """What really becomes of a parameter."""
    others = {needed: WISHES[needed] for needed in (NEEDS.get(name),) if needed}
    try:
        return "used" if read({**others, name: WISHES[name]}) != read(others) else "passed over"
    except InvalidRequest as error:
        assert error.param == name
        return "refused"


CHATS: Final = table("Chat completions")
COMPLETIONS: Final = table("Completions")


@pytest.mark.parametrize("name", CHATS)
def test_what_the_page_says_of_a_parameter_of_chats_is_so(name: str) -> None:
    assert treatment(chat, name) == CHATS[name]


@pytest.mark.parametrize("name", COMPLETIONS)
def test_what_the_page_says_of_a_parameter_of_completions_is_so(name: str) -> None:
    assert treatment(text, name) == COMPLETIONS[name]


def test_each_parameter_that_openai_knows_has_its_row() -> None:
    assert set(CHATS) == set(typing.get_type_hints(of_chats.CompletionCreateParamsNonStreaming))
    assert set(COMPLETIONS) == set(typing.get_type_hints(of_completions.CompletionCreateParamsNonStreaming))
