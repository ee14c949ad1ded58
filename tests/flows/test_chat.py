"""Questions and answers through everything but a browser."""

import json
from typing import Any

import pytest

from support.chain import Chain, question, records, text_of


async def stream(chain: Chain, text: str, model: str = "demo-chat", **more: Any) -> list[Any]:
    async with chain.asking(text, model, **more) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        return [record async for record in records(response)]


async def test_a_streamed_answer_comes_in_chunks_and_ends_with_one_finish_reason(chain: Chain) -> None:
    *chunks, done = await stream(chain, "Hi, I am Zażółć 🦔.")
    assert done == "[DONE]"
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "Zażółć" in text_of(chunks)
    assert len(chunks) > 5
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert [reason for reason in reasons if reason] == ["stop"]
    assert reasons[-1] == "stop"
    assert len({chunk["id"] for chunk in chunks}) == 1


async def test_a_whole_answer_says_what_the_stream_says(chain: Chain) -> None:
    whole = (await chain.ask("What is 6 * 7?")).json()
    *chunks, _ = await stream(chain, "What is 6 * 7?")
    assert whole["choices"][0]["message"]["content"] == text_of(chunks)
    assert "42" in text_of(chunks)
    assert whole["choices"][0]["finish_reason"] == "stop"
    assert whole["model"] == "demo-chat"


async def test_the_site_gets_the_whole_conversation(chain: Chain) -> None:
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "My name is Ada."},
        {"role": "assistant", "content": "Ahoy, Ada."},
        {"role": "user", "content": [{"type": "text", "text": "What is my name?"}]},
    ]
    answer = await chain.client.post(
        "/v1/chat/completions", json={"model": "demo-chat", "messages": messages}
    )
    assert "Ada" in answer.json()["choices"][0]["message"]["content"]


async def test_an_attached_picture_reaches_the_site(chain: Chain) -> None:
    parts = [
        {"type": "text", "text": "What did I attach?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
    ]
    body = {"model": "demo-chat", "messages": [{"role": "user", "content": parts}]}
    answer = await chain.client.post("/v1/chat/completions", json=body)
    assert "image/png" in answer.json()["choices"][0]["message"]["content"]


async def test_reasoning_comes_apart_from_the_answer(chain: Chain) -> None:
    *chunks, _ = await stream(chain, "Why is the sky blue?", "demo-thinker")
    thought = "".join(chunk["choices"][0]["delta"].get("reasoning_content", "") for chunk in chunks)
    assert thought
    assert text_of(chunks)
    assert thought not in text_of(chunks)


async def test_sources_are_listed_at_the_end(chain: Chain) -> None:
    answer = (await chain.ask("What is new?", "demo-search")).json()["choices"][0]["message"]["content"]
    text, sources = answer.split("\n\nSources:\n")
    assert "[1]" in text
    assert sources.startswith("1. [")


async def test_a_picture_is_markdown_that_loads(chain: Chain) -> None:
    answer = (await chain.ask("a hedgehog", "demo-painter")).json()["choices"][0]["message"]["content"]
    assert answer.startswith("![image](http")
    picture = await chain.client.get(answer.removeprefix("![image](").partition(")")[0])
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(("model", "other"), [("demo-duel-a", "demo-duel-b"), ("demo-duel-b", "demo-duel-a")])
async def test_in_a_battle_only_the_wanted_side_answers(chain: Chain, model: str, other: str) -> None:
    mine = (await chain.ask("hello", model)).json()["choices"][0]["message"]["content"]
    theirs = (await chain.ask("hello", other)).json()["choices"][0]["message"]["content"]
    assert mine
    assert mine != theirs


@pytest.mark.parametrize(
    "manner",
    [
        "bytes-one-by-one",
        "cut=3",
        "lines=2000",
        "heartbeat",
        "unknown-codes",
        "blank-lines",
        "carriage-returns",
        "data-prefix",
        "both-sides",
    ],
)
async def test_the_manner_of_sending_changes_nothing(chain: Chain, manner: str) -> None:
    *chunks, done = await stream(chain, f"Say Żółw. #arena:{manner}")
    assert done == "[DONE]"
    assert text_of(chunks)
    assert "\ufffd" not in text_of(chunks)


@pytest.mark.parametrize(
    ("directive", "wanted"),
    [
        ("surrogates", "\U0001f9a6"),
        ("line-separators", "\u2028"),
        ("line-separators", "\x85"),
        ("brackets", "]}"),
    ],
)
async def test_characters_that_are_hard_to_carry_arrive_whole(
    chain: Chain, directive: str, wanted: str
) -> None:
    whole = (await chain.ask(f"#arena:{directive} #arena:cut=1")).json()
    *chunks, _ = await stream(chain, f"#arena:{directive} #arena:cut=1")
    text = text_of(chunks)
    assert text == whole["choices"][0]["message"]["content"]
    assert "\ufffd" not in text
    assert wanted in text


async def test_a_model_may_quote_a_challenge_page(chain: Chain) -> None:
    answer = await chain.ask("#arena:quoted-challenge")
    assert answer.status_code == 200
    assert "<title>Just a moment...</title>" in answer.json()["choices"][0]["message"]["content"]


async def test_counts_of_the_site_are_passed_on(chain: Chain) -> None:
    usage = (await chain.ask("#arena:usage")).json()["usage"]
    assert usage["completion_tokens"] > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_twenty_questions_at_once_get_their_own_answers(chain: Chain) -> None:
    import asyncio

    asked = [f"What is {number} * 11?" for number in range(20)]
    answers = await asyncio.gather(*(chain.ask(text) for text in asked))
    for number, answer in enumerate(answers):
        assert str(number * 11) in answer.json()["choices"][0]["message"]["content"]


async def test_the_models_are_those_of_the_files(chain: Chain) -> None:
    listed = (await chain.client.get("/v1/models")).json()
    assert [model["id"] for model in listed["data"]][:2] == ["demo-chat", "demo-thinker"]
    assert (await chain.client.get("/v1/models/demo-chat")).json()["id"] == "demo-chat"
    assert (await chain.client.get("/v1/models/nobody")).status_code == 404


async def test_the_server_says_that_it_is_ready(chain: Chain) -> None:
    ready = await chain.client.get("/readyz")
    assert ready.status_code == 200
    assert [tab["connected"] for tab in ready.json()["tabs"]] == [True]
    assert chain.server.services.secret not in ready.text
    assert (await chain.client.get("/healthz")).json()["status"] == "ok"


async def test_bodies_that_make_no_sense_are_refused_with_the_field(chain: Chain) -> None:
    for body in (
        b"",
        b"[]",
        b'{"model":"demo-chat"}',
        b'{"model":1,"messages":[]}',
        b'{"messages":',
        b"\xff",
    ):
        answer = await chain.client.post("/v1/chat/completions", content=body)
        assert answer.status_code == 400, body
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert chain.server.services.hub.jobs == 0


async def test_addresses_that_are_none_are_said_in_the_same_shape(chain: Chain) -> None:
    for method, path in (("GET", "/v1/nothing"), ("GET", "/v1/chat/completions"), ("DELETE", "/v1/models")):
        answer = await chain.client.request(method, path)
        assert answer.status_code in (404, 405)
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_request_that_is_too_large_is_refused(tmp_path: Any) -> None:
    from support.chain import chain as start

    async with start(tmp_path, settings={"max_body_bytes": 4096}, tab=False) as chain:
        answer = await chain.client.post("/v1/chat/completions", json=question("x" * 5000))
        assert answer.status_code == 413
        assert "max_body_bytes" in json.loads(answer.content)["error"]["message"]


async def test_case_08_an_answer_ends_where_the_client_wants_and_the_tab_is_told(chain: Chain) -> None:
    asked = "Say one two three four five six seven. #arena:slow=0.2 #arena:cut=3"
    whole = (await chain.ask(asked)).json()["choices"][0]["message"]["content"]
    for limits, reason in (({"stop": whole[10:14]}, "stop"), ({"max_tokens": 2}, "length")):
        *chunks, done = await stream(chain, asked, **limits)
        assert done == "[DONE]"
        assert whole.startswith(text_of(chunks))
        assert len(text_of(chunks)) < len(whole)
        assert chunks[-1]["choices"][0]["finish_reason"] == reason
        await chain.until_idle()
    both = await chain.ask(asked, max_tokens=900, max_completion_tokens=2, temperature=2, stop=["nowhere"])
    assert both.json()["choices"][0]["finish_reason"] == "length"
    assert both.json()["usage"]["completion_tokens"] == 2
    assert both.json()["usage"]["estimated"] is True
