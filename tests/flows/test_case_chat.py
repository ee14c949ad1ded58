"""Chat completions: the cases 5 to 16 of what real clients need (clients.md §7), before OpenAI's judges."""

import asyncio
import json
from typing import Any

import pytest

from support.chain import Chain, question
from support.judges import judged_completion, judged_error, judged_stream, reasons, said

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


async def post(chain: Chain, **body: Any) -> Any:
    return await chain.client.post("/v1/chat/completions", json=body)


async def asked(chain: Chain, *messages: dict[str, Any], **more: Any) -> Any:
    return await post(chain, model="demo-chat", messages=list(messages), **more)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


async def sent(chain: Chain) -> list[tuple[str, str]]:
    """What the site got last."""
    body = chain.arena.journal.entries[-1].body
    return [(message["role"], message["content"]) for message in body["messages"]]


@pytest.mark.parametrize("stream", ["left out", False, None])
async def test_case_05_and_06_the_least_there_can_be_is_answered_in_full(chain: Chain, stream: Any) -> None:
    more = {} if stream == "left out" else {"stream": stream}
    answer = await chain.ask("What is 6 * 7?", **more)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    told = judged_completion(answer.content)
    (choice,) = told.choices
    assert choice.finish_reason == "stop"
    assert choice.message.refusal is None
    assert choice.logprobs is None
    assert told.usage is not None
    assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens
    assert min(told.usage.prompt_tokens, told.usage.completion_tokens) > 0
    assert answer.headers["x-request-id"] == told.id


FIELDS = """
stream stream_options n stop max_tokens max_completion_tokens temperature top_p presence_penalty
frequency_penalty logit_bias logprobs top_logprobs response_format seed user tools tool_choice
parallel_tool_calls functions function_call modalities audio prediction metadata store service_tier
reasoning_effort verbosity prompt_cache_key safety_identifier web_search_options
"""


async def test_case_07_fields_that_are_null_and_fields_nobody_knows_are_borne(chain: Chain) -> None:
    for name in FIELDS.split():
        nothing: dict[str, Any] = {name: None}
        assert (await chain.ask("hi", **nothing)).status_code == 200, name
    habits: dict[str, Any] = {
        "seed": 7,
        "user": "u",
        "logit_bias": {"1": -100},
        "metadata": {"a": "b"},
        "store": True,
        "service_tier": "auto",
        "reasoning_effort": "high",
        "verbosity": "low",
        "prompt_cache_key": "k",
        "parallel_tool_calls": False,
        "foo": [{"bar": None}],
    }
    judged_completion((await chain.ask("hi", **habits)).content)


@pytest.mark.parametrize("stop", [["nowhere"], "nowhere"])
async def test_case_08_limits_and_stops_together(chain: Chain, stop: Any) -> None:
    answer = await chain.ask(
        "hi", max_tokens=500, max_completion_tokens=400, temperature=2, top_p=0.5, stop=stop
    )
    assert judged_completion(answer.content).choices[0].finish_reason == "stop"


async def test_case_09_every_role_in_any_order(chain: Chain) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    answer = await asked(
        chain,
        {"role": "system", "content": "One."},
        {"role": "system", "content": "Two.", "name": "narrator"},
        {"role": "developer", "content": "Three."},
        user("Hello"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "A hedgehog."}]},
        {"role": "assistant", "content": "Hm.", "refusal": None},
        {"role": "function", "name": "look", "content": "Two hedgehogs."},
        user("What is 6 * 7?"),
    )
    judged_completion(answer.content)
    told = await sent(chain)
    assert [text for role, text in told if role == "system"] == ["One.", "Two.", "Three."]
    texts = [text for _, text in told]
    order = [
        next(index for index, text in enumerate(texts) if word in text)
        for word in ("Hello", "look", "A hedgehog.", "Hm.", "Two hedgehogs.", "6 * 7")
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("content", ["What is 6 * 7?", [{"type": "text", "text": "What is 6 * 7?"}]])
async def test_case_10_content_is_a_text_or_a_list(chain: Chain, content: Any) -> None:
    assert "42" in said_in(await asked(chain, user(content)))


@pytest.mark.parametrize("content", ["", [], None])
async def test_case_10_content_may_be_empty(chain: Chain, content: Any) -> None:
    assert (await asked(chain, user(content))).status_code == 200


async def test_case_10_a_part_nobody_knows_is_named(chain: Chain) -> None:
    answer = await asked(chain, user("hi"), user([{"type": "text", "text": "a"}, {"type": "hologram"}]))
    assert answer.status_code == 400
    assert judged_error(answer.content)["param"] == "messages[1].content[1].type"


@pytest.mark.parametrize(
    "image",
    [
        {"url": f"data:image/png;base64,{PIXEL}"},
        {"url": f"data:image/png;base64,{PIXEL}", "detail": "high"},
        f"data:image/png;base64,{PIXEL}",
        {"url": "https://example.org/a.png"},
    ],
)
async def test_case_11_images_however_they_are_given(chain: Chain, image: Any) -> None:
    parts = [{"type": "text", "text": "What did I attach?"}, {"type": "image_url", "image_url": image}]
    assert "image/png" in said_in(await asked(chain, user(parts)))


async def test_case_11_base64_that_is_none_is_refused(chain: Chain) -> None:
    broken = {"type": "image_url", "image_url": {"url": "data:image/png;base64,%%%"}}
    answer = await asked(chain, user([broken]))
    assert answer.status_code == 400
    assert judged_error(answer.content)["param"] == "messages[0].content[0].image_url.url"


def upload(name: str, data: str) -> dict[str, Any]:
    return {"type": "file", "file": {"filename": name, "file_data": data}}


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (
            {
                "type": "file",
                "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
            },
            "application/pdf",
        ),
        (upload("a.txt", "data:text/plain;base64,SGk="), "text/plain"),
        ({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}, "audio/"),
    ],
)
async def test_case_12_files_and_audio_are_passed_on(chain: Chain, part: Any, kind: str) -> None:
    parts = [{"type": "text", "text": "What did I attach?"}, part]
    assert kind in said_in(await asked(chain, user(parts)))


async def test_case_13_several_answers_and_numbers_that_are_none(chain: Chain) -> None:
    told = judged_completion((await chain.ask("What is 6 * 7?", n=2)).content)
    assert [choice.index for choice in told.choices] == [0, 1]
    for n in (0, -1):
        assert judged_error((await chain.ask("hi", n=n)).content)["param"] == "n"


SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
BY_SCHEMA = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": SCHEMA}}


@pytest.mark.parametrize("wanted", [{"type": "json_object"}, BY_SCHEMA])
@pytest.mark.parametrize("text", ["Who is it?", "Tell me who it is, in prose."])
@pytest.mark.parametrize("stream", [True, False])
async def test_case_14_json_when_json_is_asked_for_even_if_the_model_needs_two_tries(
    chain: Chain, wanted: dict[str, Any], text: str, stream: bool
) -> None:
    answer = await chain.ask(text, response_format=wanted, stream=stream)
    assert answer.status_code == 200, answer.text
    content = said(judged_stream(answer.content)) if stream else said_in(answer)
    value = json.loads(content)
    assert set(value) == ({"name", "age"} if wanted is BY_SCHEMA else {"answer", "count"})
    assert len(chain.arena.journal.entries) == (2 if "prose" in text else 1)


@pytest.mark.parametrize("stream", [True, False])
async def test_case_14_a_model_that_will_not_write_json_is_an_error_of_its_own(
    chain: Chain, stream: bool
) -> None:
    answer = await chain.ask(
        "Tell me in prose, always.", response_format={"type": "json_object"}, stream=stream
    )
    assert answer.status_code == 502
    assert answer.headers["x-should-retry"] == "false"
    assert judged_error(answer.content)["code"] == "answer_not_in_format"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"logprobs": True}, "logprobs"),
        ({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}, "modalities"),
        ({"response_format": {"type": "grammar"}}, "response_format.type"),
        ({"stop": 5}, "stop"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"tool_choice": "any", "tools": [{"type": "function", "function": {"name": "f"}}]}, "tool_choice"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_its_name(
    chain: Chain, fields: dict[str, Any], param: str
) -> None:
    answer = await chain.ask("hi", **fields)
    assert answer.status_code == 400
    assert judged_error(answer.content)["param"] == param
    assert not chain.arena.journal.entries


async def test_case_15_parallel_questions_do_not_get_mixed_up(chain: Chain) -> None:
    texts = [f"Say nonce_{number}_{number * 7919}." for number in range(8)]
    answers = await asyncio.gather(
        *(chain.ask(text, stream=number % 2 > 0) for number, text in enumerate(texts))
    )
    for number, answer in enumerate(answers):
        content = said(judged_stream(answer.content)) if number % 2 else said_in(answer)
        assert f"nonce_{number}_{number * 7919}" in content


async def test_case_16_characters_arrive_as_they_were(chain: Chain) -> None:
    text = '😀👩‍👩‍👧‍👦 Zażółć שלום مرحبا \\u0000 𝕏\u2028\u2029\u0085 \ufeff \\" 中'
    for manner in ("cut=1", "bytes-one-by-one"):
        asked_for = f"Say: {text} #arena:{manner}"
        whole = said_in(await chain.ask(asked_for))
        streamed = said(judged_stream((await chain.ask(asked_for, stream=True)).content))
        assert whole == streamed
        assert whole.strip() == text


def said_in(answer: Any) -> str:
    content = judged_completion(answer.content).choices[0].message.content
    assert content is not None
    return content


async def test_the_older_form_of_tools_is_answered_in_its_own(chain: Chain) -> None:
    function = {"name": "look", "parameters": {"type": "object", "properties": {}}}
    answer = await post(chain, **question("hi"), functions=[function], function_call="none")
    assert judged_completion(answer.content).choices[0].finish_reason == "stop"


async def test_reasons_are_one_a_stream(chain: Chain) -> None:
    chunks = judged_stream((await chain.ask("hi", stream=True, n=2)).content)
    assert reasons(chunks) == ["stop", "stop"]
