"""Streams: the cases 17 to 25 of what real clients need (clients.md §7), before OpenAI's judges.

26, the slow reader, is in test_leaving.py; 20, the silent site, in test_signs_of_life.py.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from support.chain import Chain, records, until
from support.chain import chain as start
from support.judges import judged_error, judged_stream, reasons, said


async def streamed(chain: Chain, text: str, model: str = "demo-chat", **more: Any) -> Any:
    return await chain.ask(text, model, stream=True, **more)


async def test_case_17_frames_are_as_everybody_reads_them(chain: Chain) -> None:
    answer = await streamed(chain, "What is 6 * 7?")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "no-cache" in answer.headers["cache-control"]
    assert answer.content.count(b"data: [DONE]\n\n") == 1
    assert answer.content.endswith(b"data: [DONE]\n\n")
    assert "42" in said(judged_stream(answer.content))


async def test_case_18_the_role_first_the_reason_last_all_of_one_answer(chain: Chain) -> None:
    chunks = judged_stream((await streamed(chain, "What is 6 * 7?")).content)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert [delta.role for delta in deltas] == ["assistant"] + [None] * (len(deltas) - 1)
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    assert reasons(chunks) == ["stop"]
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert deltas[-1].model_dump(exclude_unset=True) == {}


async def test_case_19_usage_only_for_who_asks(chain: Chain) -> None:
    assert b'"usage"' not in (await streamed(chain, "hi")).content
    answer = await streamed(chain, "hi", stream_options={"include_usage": True})
    *chunks, last = judged_stream(answer.content)
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in chunks)
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens > 0
    assert (last.usage.model_extra or {})["estimated"] is True


async def test_case_21_an_empty_answer_is_an_error_and_never_an_empty_body(chain: Chain) -> None:
    for stream in (True, False):
        answer = await chain.ask("hi #arena:empty", stream=stream)
        assert answer.status_code == 502
        assert judged_error(answer.content)["code"] == "empty_answer"


@pytest.mark.parametrize(
    ("reason", "told"), [("length", "length"), ("content-filter", "content_filter"), ("unknown", "stop")]
)
async def test_case_22_reasons_of_the_site_in_words_that_clients_know(
    chain: Chain, reason: str, told: str
) -> None:
    chunks = judged_stream((await streamed(chain, f"hi #arena:finish={reason}")).content)
    assert reasons(chunks) == [told]


@pytest.mark.parametrize(
    ("mode", "field", "in_text"),
    [
        ("reasoning_content", True, False),
        ("openai", True, False),
        ("think_tag", False, True),
        ("off", False, False),
    ],
)
async def test_case_23_reasoning_where_the_person_wants_it(
    tmp_path: Path, mode: str, field: bool, in_text: bool
) -> None:
    async with start(tmp_path, settings={"reasoning_output_mode": mode}) as chain:
        chunks = judged_stream((await streamed(chain, "Why is the sky blue?", "demo-thinker")).content)
        whole = (await chain.ask("Why is the sky blue?", "demo-thinker")).json()["choices"][0]["message"]
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    thought = "".join((delta.model_extra or {}).get("reasoning_content", "") for delta in deltas)
    assert bool(thought) is field is ("reasoning_content" in whole)
    assert said(chunks).startswith("<think>\n") is in_text is whole["content"].startswith("<think>\n")
    assert said(chunks) == whole["content"]
    assert whole.get("reasoning_content", "") == thought


@pytest.mark.parametrize("strip", [True, False])
async def test_case_23_reasoning_is_kept_from_the_model_when_the_person_wants_it(
    tmp_path: Path, strip: bool
) -> None:
    earlier = "<think>\nsecret thought\n</think>\n\nHello."
    messages = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": earlier, "reasoning_content": "x"},
        {"role": "user", "content": "What is 6 * 7?"},
    ]
    async with start(tmp_path, settings={"strip_reasoning_from_history": strip}) as chain:
        await chain.client.post("/v1/chat/completions", json={"model": "demo-chat", "messages": messages})
        sent = json.dumps(chain.arena.journal.entries[-1].body)
    assert ("secret thought" in sent) is not strip
    assert "Hello." in sent


@pytest.mark.parametrize("listed", [True, False])
async def test_sources_are_annotations_and_a_list_unless_unwanted(tmp_path: Path, listed: bool) -> None:
    async with start(tmp_path, settings={"sources_in_text": listed}) as chain:
        message = (await chain.ask("What is new?", "demo-search")).json()["choices"][0]["message"]
        chunks = judged_stream((await streamed(chain, "What is new?", "demo-search")).content)
    assert ("Sources:" in message["content"]) is listed is ("Sources:" in said(chunks))
    cited = [each["url_citation"] for each in message["annotations"]]
    assert len(cited) == 3
    for number, each in enumerate(cited, 1):
        assert message["content"][each["start_index"] : each["end_index"]] == f"[{number}]"


async def test_case_24_a_client_that_leaves_after_the_first_word_frees_its_tab(chain: Chain) -> None:
    async with chain.asking("hi #arena:hang") as response:
        async for record in records(response):
            if isinstance(record, dict):
                break
    await chain.until_idle()
    await until(lambda: not chain.arena.journal.open_streams)
    assert "42" in (await chain.ask("What is 6 * 7?")).text


@pytest.mark.parametrize("stream", [True, False])
async def test_case_25_a_client_that_leaves_before_it_leaves_no_work(chain: Chain, stream: bool) -> None:
    asking = chain.group.create_task(chain.ask("hi #arena:slow=30", stream=stream))
    await until(lambda: chain.server.services.hub.jobs == 1)
    asking.cancel()
    await chain.until_idle()
    await until(lambda: not chain.arena.journal.open_streams)
    assert "42" in (await chain.ask("What is 6 * 7?")).text
