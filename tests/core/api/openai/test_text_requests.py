import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.api.openai.text_requests import TextCall, decode_text
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role
from lmarena_bridge.core.errors import InvalidRequest


def decode(**fields: object) -> TextCall:
    return decode_text(json.dumps({"model": "m", "prompt": "Once", **fields}).encode())


def refused(**fields: object) -> str | None:
    with pytest.raises(InvalidRequest) as caught:
        decode(**fields)
    return caught.value.param


def test_a_prompt_is_the_one_message_of_a_conversation() -> None:
    call = decode()
    assert call == TextCall((ChatRequest("m", (Message(Role.USER, "Once"),)),), ("",), False, False)
    assert call.model == "m"


def test_several_prompts_and_several_answers_to_each() -> None:
    call = decode(prompt=["Once", "Twice"], n=2, echo=True)
    said = [request.messages[0].content for request in call.requests]
    assert said == ["Once", "Once", "Twice", "Twice"]
    assert call.before == tuple(said)


def test_where_the_text_shall_end_and_how_it_is_told() -> None:
    call = decode(stop="\n", max_tokens=16, stream=True, stream_options={"include_usage": True})
    (request,) = call.requests
    assert (request.stop, request.max_tokens, request.counted) == (("\n",), 16, True)
    assert (call.stream, call.include_usage) == (True, True)
    assert not decode(stream=True).requests[0].counted


def test_habits_are_passed_over() -> None:
    assert (
        decode(temperature=2, user="u", best_of=1, suffix=None, logprobs=None, echo=None, foo=[]) == decode()
    )
    assert decode(n=2, best_of=2) == decode(n=2)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": " "}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": [1, 2, 3]}, "prompt"),
        ({"prompt": [[1, 2], [3]]}, "prompt"),
        ({"prompt": ["a"] * 6, "n": 2}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"suffix": "end"}, "suffix"),
        ({"logprobs": 0}, "logprobs"),
        ({"logprobs": 5}, "logprobs"),
        ({"best_of": 3}, "best_of"),
        ({"n": 0}, "n"),
        ({"max_tokens": 0}, "max_tokens"),
    ],
)
def test_what_cannot_be_done_is_named(fields: dict[str, object], param: str) -> None:
    assert refused(**fields) == param


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([[1]])


@given(
    st.binary()
    | st.fixed_dictionaries(
        {"model": st.text(max_size=2) | anything, "prompt": st.lists(st.text(max_size=2)) | anything},
        optional={"n": anything, "logprobs": anything, "stop": anything, "max_tokens": anything},
    ).map(lambda body: json.dumps(body).encode())
)
def test_no_body_does_worse_than_being_refused(body: bytes) -> None:
    with suppress(InvalidRequest):
        assert decode_text(body).requests
