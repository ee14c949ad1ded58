import json
import tracemalloc
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmarena_bridge.core.api.openai.requests import (
    ChatCall,
    decode_chat_body,
    read_chat,
    uploads_wanted,
)
from lmarena_bridge.core.chat.request import (
    AnswerFormat,
    Attachment,
    ChatRequest,
    Message,
    Role,
    Tool,
    ToolUse,
)
from lmarena_bridge.core.errors import BridgeError, InvalidRequest

HELLO = {"role": "user", "content": "Hello"}


def decode_chat(body: bytes) -> ChatCall:
    """Both steps, for bodies that name no uploaded files."""
    return read_chat(decode_chat_body(body))


def decode(**fields: object) -> ChatCall:
    return decode_chat(json.dumps({"model": "a-model", "messages": [HELLO], **fields}).encode())


def refused(body: bytes) -> str | None:
    with pytest.raises(InvalidRequest) as caught:
        decode_chat(body)
    return caught.value.param


def refused_fields(**fields: object) -> str | None:
    return refused(json.dumps({"model": "a-model", "messages": [HELLO], **fields}).encode())


def test_the_least_there_can_be_is_a_model_and_a_message() -> None:
    assert decode() == ChatCall(
        ChatRequest("a-model", (Message(Role.USER, "Hello"),)), stream=False, include_usage=False
    )


def test_a_conversation_keeps_its_order_and_may_end_with_the_assistant() -> None:
    messages = [
        {"role": role, "content": role} for role in ("system", "user", "assistant", "developer", "assistant")
    ]
    assert [message.content for message in decode(messages=messages).request.messages] == [
        "system",
        "user",
        "assistant",
        "developer",
        "assistant",
    ]


@pytest.mark.parametrize(("stream", "streamed"), [(True, True), (False, False), (None, False)])
def test_the_answer_is_streamed_when_the_client_says_so(stream: bool | None, streamed: bool) -> None:
    assert decode(stream=stream).stream is streamed


@pytest.mark.parametrize(
    ("options", "included"),
    [
        ({"include_usage": True}, True),
        ({"include_usage": False}, False),
        ({"include_usage": None}, False),
        ({}, False),
        (None, False),
    ],
)
def test_usage_is_included_when_the_client_says_so(options: object, included: bool) -> None:
    assert decode(stream=True, stream_options=options).include_usage is included


@pytest.mark.parametrize("n", [1, 1.0, None])
def test_one_answer_is_what_everybody_gets(n: float | None) -> None:
    assert decode(n=n) == decode()
    assert decode().n == 1


@pytest.mark.parametrize("n", [3, 3.0])
def test_several_answers_can_be_asked_for(n: float) -> None:
    assert decode(n=n).n == 3


@pytest.mark.parametrize("n", [0, -1, 11, 1.5, 1e300, 10**200, "1", True, []])
def test_any_other_number_of_answers_is_refused(n: object) -> None:
    assert refused_fields(n=n) == "n"


def test_where_the_answer_shall_end_is_part_of_the_question() -> None:
    request = decode(stop=["x"], max_tokens=7, max_completion_tokens=9).request
    assert (request.stop, request.max_tokens) == (("x",), 7)


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, True),
        ({"stream": True}, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True),
    ],
)
def test_tokens_are_counted_only_where_they_are_told(fields: dict[str, object], counted: bool) -> None:
    assert decode(**fields).request.counted is counted


def test_the_form_of_the_answer_and_the_tools_are_part_of_the_question() -> None:
    function = {"name": "f", "parameters": {}}
    call = decode(response_format={"type": "json_object"}, tools=[{"type": "function", "function": function}])
    assert call.request.format == AnswerFormat()
    assert call.request.tools == ToolUse((Tool("f"),))
    older = decode(functions=[function], function_call="none")
    assert older.request.tools == ToolUse((Tool("f"),), "none", parallel=False)
    assert (call.one_function, older.one_function) == (False, True)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"logprobs": True}, "logprobs"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"modalities": ["text", "audio"], "audio": {"voice": "alloy"}}, "modalities"),
        ({"audio": {}}, "audio"),
    ],
)
def test_what_would_be_missing_from_the_answer_is_refused(fields: dict[str, object], param: str) -> None:
    assert refused_fields(**fields) == param


def test_what_clients_send_by_habit_is_passed_over() -> None:
    habits: dict[str, object] = {
        "temperature": 2,
        "top_p": None,
        "seed": 1,
        "user": "bob",
        "logit_bias": {"50256": -100},
        "metadata": {},
        "store": False,
        "service_tier": "auto",
        "reasoning_effort": "high",
        "verbosity": None,
        "prompt_cache_key": "k",
        "parallel_tool_calls": True,
        "response_format": {"type": "text"},
        "tools": [],
        "tool_choice": "auto",
        "logprobs": False,
        "modalities": ["text"],
        "foo": [[[{}]]],
    }
    assert decode(**habits) == decode()


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "model"),
        ({"messages": [HELLO]}, "model"),
        ({"model": None, "messages": [HELLO]}, "model"),
        ({"model": "", "messages": [HELLO]}, "model"),
        ({"model": " ", "messages": [HELLO]}, "model"),
        ({"model": "m"}, "messages"),
        ({"model": "m", "messages": []}, "messages"),
        ({"model": "m", "messages": "Hello"}, "messages"),
        ({"model": "m", "messages": ["Hello"]}, "messages[0]"),
        ({"model": "m", "messages": [HELLO, {"content": "Hello"}]}, "messages[1].role"),
        ({"model": "m", "messages": [HELLO, HELLO, {"role": "user", "content": 5}]}, "messages[2].content"),
        ({"model": "m", "messages": [HELLO, {"role": "bot", "content": "Hello"}]}, "messages[1].role"),
        ({"model": "m", "messages": [HELLO], "stream": "yes"}, "stream"),
        (
            {"model": "m", "messages": [HELLO], "stream_options": {"include_usage": 1}},
            "stream_options.include_usage",
        ),
        ([], None),
    ],
)
def test_what_is_wrong_is_named(body: object, param: str | None) -> None:
    assert refused(json.dumps(body).encode()) == param


def test_a_large_picture_is_kept_once() -> None:
    url = "data:image/png;base64," + "AAAA" * 500_000 + "AA=="
    part = {"type": "image_url", "image_url": {"url": url}}
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": [part]}]}).encode()
    tracemalloc.start()
    try:
        call = decode_chat(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert call.request.messages[0].attachments[0].url == url
    assert peak < 1.2 * len(body)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
parts = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "image_url", "refusal", "file"]) | anything},
    optional={
        "text": st.text() | anything,
        "refusal": anything,
        "image_url": st.sampled_from(["data:image/png;base64,AAAA", "https://[x", "https://x/y.png"])
        | st.fixed_dictionaries({"url": st.text() | anything})
        | anything,
    },
)
messages = st.fixed_dictionaries(
    {"role": st.sampled_from([*Role, "tool", "function"]) | anything},
    optional={
        "content": st.text() | st.lists(parts, max_size=3) | anything,
        "refusal": anything,
        "name": anything,
        "tool_calls": st.lists(anything, max_size=2) | anything,
        "function_call": st.fixed_dictionaries({"arguments": anything}) | anything,
        "tool_call_id": anything,
    },
)
bodies = st.fixed_dictionaries(
    {"model": st.just("m") | anything, "messages": st.lists(messages, max_size=3) | anything},
    optional={"stream": anything, "n": anything, "stream_options": anything, "max_tokens": anything},
)


@given(st.binary() | (bodies | anything).map(lambda body: json.dumps(body).encode()))
@settings(deadline=None)
def test_no_body_does_worse_than_being_refused(body: bytes) -> None:
    with suppress(BridgeError):
        call = decode_chat(body)
        assert call.request.model.strip()
        assert call.request.messages
        # All of it can be sent on: UTF-8 has no surrogates.
        repr(call).encode()
        for message in call.request.messages:
            message.content.encode()


def test_the_uploads_that_a_body_wants_are_told_once_before_it_is_read() -> None:
    def asks(name: str) -> dict[str, object]:
        return {"role": "user", "content": [{"type": "file", "file": {"file_id": name}}]}

    said = [asks("file-2"), HELLO, asks("file-1"), asks("file-2")]
    body = msgspec.json.encode({"model": "m", "messages": said})
    chat = decode_chat_body(bytearray(body))
    assert uploads_wanted(chat) == ("file-2", "file-1")
    file = Attachment("a.txt", "text/plain", "data:text/plain;base64,AAAA")
    call = read_chat(chat, {"file-1": file, "file-2": file})
    assert [message.attachments for message in call.request.messages] == [(file,), (), (file,), (file,)]
    with pytest.raises(InvalidRequest) as caught:
        decode_chat(body)
    assert caught.value.param == "messages[0].content[0].file.file_id"


LONG = "zażółć 😀 " * 400


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, True),
        ({"max_tokens": 5}, True),
        ({"messages": [{"role": "user", "content": "ą"}]}, False),
        ({"messages": [{"role": "user", "content": "a" * 5000}]}, False),
        (
            {
                "messages": [
                    {"role": "user", "content": LONG},
                    {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                ]
            },
            False,
        ),
    ],
    ids=["long", "with a wish", "short", "ascii", "with parts"],
)
def test_long_texts_keep_the_json_they_came_as(fields: dict[str, object], kept: bool) -> None:
    said = {"model": "m", "messages": [{"role": "user", "content": LONG}], **fields}
    message = decode_chat(json.dumps(said, ensure_ascii=False).encode()).request.messages[0]
    assert (message.written is not None) is kept
    if message.written is not None:
        assert message.written.text is message.content
        assert msgspec.json.decode(message.written.json) == message.content


DEEP = "[" * 400 + "]" * 400


def test_what_is_passed_over_may_be_as_deep_as_it_likes() -> None:
    body = f'{{"model":"a-model","messages":[{{"role":"user","content":"Hello"}}],"metadata":{DEEP}}}'
    assert decode_chat(body.encode()).request.messages == (Message(Role.USER, "Hello"),)


@pytest.mark.parametrize(
    "field",
    [
        f'"tools":[{{"type":"function","function":{{"name":"f","parameters":{{"a":{DEEP}}}}}}}]',
        f'"functions":[{{"name":"f","parameters":{{"a":{DEEP}}}}}]',
        f'"response_format":{{"type":"json_object","schema":{{"a":{DEEP}}}}}',
        f'"tool_choice":"auto","metadata":{DEEP}',
        f'"function_call":"auto","metadata":{DEEP}',
    ],
)
def test_what_must_be_written_again_may_not(field: str) -> None:
    message = '{"role":"user","content":"Hello"}'
    with pytest.raises(InvalidRequest, match="nested too deeply"):
        decode_chat(f'{{"model":"a-model","messages":[{message}],{field}}}'.encode())


@pytest.mark.parametrize(
    "calls",
    [
        f'"tool_calls":[{{"id":"1","function":{{"name":"f","arguments":{{"a":{DEEP}}}}}}}]',
        f'"function_call":{{"name":"f","arguments":{{"a":{DEEP}}}}}',
    ],
)
def test_nor_may_earlier_calls(calls: str) -> None:
    message = f'{{"role":"assistant","content":"","{calls[1:]}}}'
    with pytest.raises(InvalidRequest, match="nested too deeply"):
        decode_chat(f'{{"model":"a-model","messages":[{message}]}}'.encode())
