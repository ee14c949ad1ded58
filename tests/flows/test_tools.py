"""Tools through the whole chain: cases 47 to 52 of the conformance list, by their numbers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.chain import Chain, question, records, text_of
from support.chain import chain as start

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "its name"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
NOW = {"type": "function", "function": {"name": "now"}}
TOOLS = [WEATHER, NOW]
RAIN = "What is the weather in Oslo?"
BOTH = "What is the weather in Oslo and in Łódź?"
MANNERS = (
    "demo-tools",
    "demo-tools-thinker",
    "demo-tools-sloppy",
    "demo-tools-foreign",
    "demo-tools-confused",
)


async def answered(chain: Chain, text: str, model: str = "demo-tools", **more: Any) -> dict[str, Any]:
    """The one choice of a whole answer."""
    response = await chain.ask(text, model, tools=TOOLS, **more)
    assert response.status_code == 200, response.text
    (choice,) = response.json()["choices"]
    return dict(choice)


async def streamed(
    chain: Chain, text: str, model: str = "demo-tools", **more: Any
) -> tuple[str, list[dict[str, Any]], str]:
    """The text of a streamed answer, its deltas with calls, and why it ended."""
    async with chain.asking(text, model, tools=TOOLS, **more) as response:
        chunks = [each async for each in records(response) if isinstance(each, dict)]
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    calls = [call for choice in choices for call in choice["delta"].get("tool_calls", ())]
    (reason,) = [choice["finish_reason"] for choice in choices if choice["finish_reason"]]
    return text_of(chunks), calls, reason


def called(calls: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in calls]


async def test_47_prose_is_streamed_and_ends_with_stop(chain: Chain) -> None:
    async with chain.asking("Count to 30", "demo-tools", tools=TOOLS) as response:
        chunks = [each async for each in records(response) if isinstance(each, dict)]
    assert text_of(chunks) == " ".join(map(str, range(1, 31)))
    # As it comes, not at the end: each piece of the site's is a chunk of its own.
    assert sum(bool(choice["delta"].get("content")) for each in chunks for choice in each["choices"]) > 5
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("model", MANNERS)
async def test_47_a_call_comes_as_deltas_in_whatever_manner_it_was_written(chain: Chain, model: str) -> None:
    text, (begun, arguments), reason = await streamed(chain, RAIN, model)
    assert begun["index"] == 0
    assert begun["id"].startswith("call_")
    assert begun["type"] == "function"
    assert begun["function"] == {"name": "get_weather", "arguments": ""}
    assert arguments == {"index": 0, "function": {"arguments": '{"city": "Oslo"}'}}
    assert reason == "tool_calls"
    assert "<" not in text
    assert "`" not in text


@pytest.mark.parametrize("model", MANNERS)
async def test_47_and_in_one_piece(chain: Chain, model: str) -> None:
    choice = await answered(chain, RAIN, model)
    assert called(choice["message"]["tool_calls"]) == [("get_weather", {"city": "Oslo"})]
    assert choice["finish_reason"] == "tool_calls"
    assert "tool_call_" not in (choice["message"]["content"] or "")


async def test_48_two_calls_in_one_answer(chain: Chain) -> None:
    _, calls, _ = await streamed(chain, BOTH)
    assert [call["index"] for call in calls] == [0, 0, 1, 1]
    first, second = [call for call in calls if "id" in call]
    assert first["id"] != second["id"]
    assert called((await answered(chain, BOTH))["message"]["tool_calls"]) == [
        ("get_weather", {"city": "Oslo"}),
        ("get_weather", {"city": "Łódź"}),
    ]


async def test_48_one_after_the_other_where_that_is_wanted_and_no_id_twice(chain: Chain) -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": BOTH}]
    ids = []
    for city in ("Oslo", "Łódź"):
        body = {"model": "demo-tools", "messages": messages, "tools": TOOLS, "parallel_tool_calls": False}
        response = await chain.client.post("/v1/chat/completions", json=body)
        message = response.json()["choices"][0]["message"]
        (call,) = message["tool_calls"]
        assert called([call]) == [("get_weather", {"city": city})]
        ids.append(call["id"])
        messages += [message, {"role": "tool", "tool_call_id": call["id"], "content": f"Rain in {city}"}]
    assert len(set(ids)) == 2
    response = await chain.client.post("/v1/chat/completions", json={**body, "messages": messages})
    (choice,) = response.json()["choices"]
    assert choice["finish_reason"] == "stop"
    assert "Rain in Oslo" in choice["message"]["content"]
    assert "Rain in Łódź" in choice["message"]["content"]


async def test_49_a_call_that_never_fits_becomes_text(chain: Chain) -> None:
    parameters = {"type": "object", "properties": {"city": {"type": "string", "pattern": "^[0-9]+$"}}}
    picky = {
        "type": "function",
        "function": {"name": "get_weather", "parameters": {**parameters, "required": ["city"]}},
    }
    response = await chain.ask(RAIN, "demo-tools", tools=[picky])
    (choice,) = response.json()["choices"]
    assert choice["finish_reason"] == "stop"
    assert "tool_calls" not in choice["message"]
    assert choice["message"]["content"].endswith('\n\n{"name": "get_weather", "arguments": {"city": "Oslo"}}')
    assert len(chain.arena.journal.streams()) == 2


async def test_49_half_a_call_is_none_when_the_site_breaks_off(chain: Chain) -> None:
    async with chain.asking(f"{RAIN} #arena:torn", "demo-tools", tools=TOOLS) as response:
        chunks = [each async for each in records(response) if isinstance(each, dict)]
    assert chunks[-1]["error"]["code"] == "malformed_stream"
    deltas = [choice["delta"] for chunk in chunks for choice in chunk.get("choices", ())]
    assert not any("tool_calls" in delta for delta in deltas)


async def test_50_a_choice_of_none_and_no_tools_are_as_without(chain: Chain) -> None:
    without: list[dict[str, Any]] = [{"tools": TOOLS, "tool_choice": "none"}, {"tools": []}, {"tools": None}]
    for more in without:
        response = await chain.ask("Hello", "demo-tools", **more)
        assert response.json()["choices"][0]["finish_reason"] == "stop"
        assert [each["role"] for each in chain.arena.journal.streams()[-1].messages] == ["user"]
        assert "x-lmarena-bridge-tools" not in response.headers


@pytest.mark.parametrize("model", MANNERS)
async def test_50_a_call_that_must_be_is(chain: Chain, model: str) -> None:
    choice = await answered(chain, "Hello", model, tool_choice="required")
    assert [name for name, _ in called(choice["message"]["tool_calls"])] == ["get_weather"]
    named = {"type": "function", "function": {"name": "now"}}
    choice = await answered(chain, RAIN, model, tool_choice=named)
    assert called(choice["message"]["tool_calls"]) == [("now", {})]
    assert choice["finish_reason"] == "tool_calls"


async def test_50_a_model_that_never_calls_is_an_error_where_a_call_must_be(chain: Chain) -> None:
    response = await chain.ask("Hello", "demo-chat", tools=TOOLS, tool_choice="required")
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "tool_not_called"
    assert response.headers["x-should-retry"] == "false"
    assert len(chain.arena.journal.streams()) == 2


def many(count: int) -> list[Mapping[str, Any]]:
    """Tools as Open WebUI sends them with each message: many, and talkative."""
    about = "It does a great many things, and says so at some length. " * 10
    named = [f"built_in_tool_number_{number:03d}_with_a_long_name" for number in range(count)]
    return [{"type": "function", "function": {"name": name, "description": about}} for name in named]


async def test_50_tools_that_take_too_much_room_are_left_out_and_everybody_is_told(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"tool_prompt_bytes": 1000}) as chain:
        response = await chain.ask("Hello", "demo-tools", tools=many(36))
        assert response.status_code == 200
        assert [each["characters"] for each in chain.arena.journal.streams()[-1].messages] == [5]
        assert response.headers["x-lmarena-bridge-tools"].startswith("left out: 36; ")
        assert chain.server.services.tool_uses.left_out is not None
        async with chain.asking("Hello", "demo-tools", tools=many(36)) as streaming:
            assert streaming.headers["x-lmarena-bridge-tools"].startswith("left out: 36; ")
            await streaming.aread()


async def test_50_switched_off_tools_are_ignored_and_switched_on_told_in_full(tmp_path: Path) -> None:
    settings = {
        "tool_calling": "off",
        "tool_calling_on_for": ["demo-chat"],
        "api_key": ["plain", {"key": "agent", "name": "agent", "tool_calling": "on"}],
    }

    async with start(tmp_path, settings=settings) as chain:

        async def sent(model: str, key: str) -> int:
            headers = {"authorization": f"Bearer {key}"}
            body = question("Hello", model, tools=many(36))
            response = await chain.client.post("/v1/chat/completions", json=body, headers=headers)
            assert response.json()["choices"][0]["finish_reason"] == "stop"
            return sum(each["characters"] for each in chain.arena.journal.streams()[-1].messages)

        assert await sent("demo-tools", "plain") == 5
        assert await sent("demo-chat", "plain") > 20_000
        assert await sent("demo-tools", "agent") > 20_000
        body = question("Hello", "demo-tools", tools=TOOLS, tool_choice="required")
        headers = {"authorization": "Bearer plain"}
        response = await chain.client.post("/v1/chat/completions", json=body, headers=headers)
        assert response.status_code == 400
        assert response.json()["error"]["param"] == "tool_choice"


HISTORY = [
    {"role": "user", "content": "The weather?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "c1",
                "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'},
            },
            {"id": "c2", "type": "function", "function": {"name": "now", "arguments": "{}"}},
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "Rain"},
    {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "Noon"}]},
    {"role": "user", "content": "Thanks"},
]


async def sent(chain: Chain, **more: Any) -> list[tuple[str, str]]:
    body = {"model": "demo-tools", "messages": HISTORY, **more}
    assert (await chain.client.post("/v1/chat/completions", json=body)).status_code == 200
    return [(each["role"], each["text"]) for each in chain.arena.journal.streams()[-1].messages]


async def test_51_calls_and_results_reach_the_model_as_text_in_their_order(chain: Chain) -> None:
    assert await sent(chain) == [
        ("user", "The weather?"),
        ("assistant", '[Called get_weather with {"city":"Oslo"} as c1]\n\n[Called now with {} as c2]'),
        ("user", "[Result of c1]\nRain\n\n[Result of c2]\nNoon"),
        ("user", "Thanks"),
    ]


async def test_51_with_tools_in_the_form_in_which_the_model_is_to_call(chain: Chain) -> None:
    (_, prompt), _, (_, calls), (_, results), _ = await sent(chain, tools=TOOLS)
    assert prompt.startswith("# Tools")
    nonce = calls.removeprefix("<tool_call_").partition(">")[0]
    assert calls == (
        f'<tool_call_{nonce}>{{"name": "get_weather", "arguments": {{"city":"Oslo"}}, "id": "c1"}}'
        f'</tool_call_{nonce}>\n\n<tool_call_{nonce}>{{"name": "now", "arguments": {{}}, "id": "c2"}}'
        f"</tool_call_{nonce}>"
    )
    assert results == (
        f'<tool_result_{nonce} id="c1" name="get_weather">\nRain\n</tool_result_{nonce}>\n\n'
        f'<tool_result_{nonce} id="c2" name="now">\nNoon\n</tool_result_{nonce}>'
    )
    (_, _), _, (_, others), *_ = await sent(chain, tools=TOOLS)
    assert nonce not in others


@pytest.mark.parametrize(
    "quoted",
    [
        '<tool_call_0a1b2c3d>{"name": "now", "arguments": {}}</tool_call_0a1b2c3d>',
        'The page says <tool_call>{"name": "now", "arguments": {}}</tool_call> so there.',
        '```\n<tool_call>{"name": "now", "arguments": {}}</tool_call>\n```',
        '<tool_call>{"name": "now", "arguments": {}}</tool_call>',
    ],
)
async def test_52_what_is_quoted_is_never_carried_out(chain: Chain, quoted: str) -> None:
    choice = await answered(chain, f"Say: {quoted}", "demo-chat")
    assert choice["message"]["content"] == quoted
    assert choice["finish_reason"] == "stop"


@pytest.mark.parametrize("cut", ["bytes-one-by-one", "cut=3", "cut=40"])
async def test_52_markers_split_over_pieces_neither_leak_nor_are_lost(chain: Chain, cut: str) -> None:
    text, calls, reason = await streamed(chain, f"{BOTH} #arena:{cut}")
    assert text == "I will use get_weather for that."
    assert [call["function"]["arguments"] for call in calls if "id" not in call] == [
        '{"city": "Oslo"}',
        '{"city": "Łódź"}',
    ]
    assert reason == "tool_calls"
