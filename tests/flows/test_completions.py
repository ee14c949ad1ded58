"""POST /v1/completions: what programs ask that know no chats."""

import json
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.types import Completion

from core.api.official import official
from support.chain import Chain, records

ESTIMATED = frozenset({"estimated"})


async def ask(chain: Chain, **body: Any) -> Any:
    return await chain.client.post("/v1/completions", json={"model": "demo-chat", **body})


async def test_a_prompt_is_answered(chain: Chain) -> None:
    answer = await ask(chain, prompt="What is 6 * 7?", temperature=0.5, user="u")
    told = official(Completion, answer.content, known_extras=ESTIMATED)
    assert "42" in told.choices[0].text
    assert told.choices[0].finish_reason == "stop"
    assert told.usage is not None
    assert told.usage.completion_tokens > 0
    assert answer.headers["x-request-id"] == told.id


async def test_several_prompts_are_answered_by_their_index_with_the_prompt_in_front(chain: Chain) -> None:
    prompts = ["What is 2 * 21?", "What is 3 * 37?"]
    told = official(Completion, (await ask(chain, prompt=prompts, echo=True)).content, known_extras=ESTIMATED)
    for index, (prompt, result) in enumerate(zip(prompts, ("42", "111"), strict=True)):
        assert told.choices[index].index == index
        assert told.choices[index].text.startswith(prompt)
        assert result in told.choices[index].text


async def test_a_stream_ends_with_a_reason_and_usage(chain: Chain) -> None:
    body = {"model": "demo-chat", "prompt": "What is 6 * 7?", "stream": True, "n": 2}
    body["stream_options"] = {"include_usage": True}
    async with chain.client.stream("POST", "/completions", json=body) as response:
        *pieces, usage, done = [record async for record in records(response)]
    assert done == "[DONE]"
    assert usage["choices"] == []
    assert usage["usage"]["total_tokens"] > 0
    for index in range(2):
        mine = [piece["choices"][0] for piece in pieces if piece["choices"][0]["index"] == index]
        assert "42" in "".join(piece["text"] for piece in mine)
        assert [piece["finish_reason"] for piece in mine if piece["finish_reason"]] == ["stop"]


async def test_openai_s_own_client_reads_both(chain: Chain) -> None:
    async with AsyncOpenAI(base_url=f"{chain.server.url}/v1", api_key="x", max_retries=0) as client:
        whole = await client.completions.create(model="demo-chat", prompt="Say Żółw.", stop="w")
        assert whole.choices[0].text.endswith("Żół")
        stream = await client.completions.create(model="demo-thinker", prompt="Say Żółw.", stream=True)
        text = "".join([piece.choices[0].text async for piece in stream])
        assert "Żółw" in text
        assert "<think>" not in text


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"prompt": [1, 2]}, 400, "prompt"),
        ({"prompt": "x", "suffix": "y"}, 400, "suffix"),
        ({"prompt": "x", "model": "nobody"}, 404, "model"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    chain: Chain, body: dict[str, Any], status: int, param: str
) -> None:
    answer = await ask(chain, **body)
    assert answer.status_code == status
    assert answer.json()["error"]["param"] == param
    assert answer.headers["x-request-id"]


async def test_an_error_after_the_first_word_is_said_in_the_stream(chain: Chain) -> None:
    answer = await ask(chain, prompt="hi #arena:error-line", stream=True)
    *_, error, done, _ = answer.text.split("\n\n")
    assert "message" in json.loads(error.removeprefix("data: "))["error"]
    assert done == "data: [DONE]"
