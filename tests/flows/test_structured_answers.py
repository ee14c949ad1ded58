"""JSON answers through OpenAI's own client, as programs ask for them: a class in, an object out."""

from collections.abc import AsyncIterator

import pytest
from openai import APIStatusError, AsyncOpenAI, LengthFinishReasonError
from pydantic import BaseModel

from support.chain import Chain


class Street(BaseModel):
    name: str
    number: int


class Person(BaseModel):
    """With what makes schemas interesting: a reference, a list, something that may be missing."""

    name: str
    streets: list[Street]
    nickname: str | None


@pytest.fixture
async def client(chain: Chain) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{chain.server.url}/v1", api_key="x", max_retries=0) as opened:
        yield opened


@pytest.mark.parametrize("text", ["Who lives here?", "Tell me in prose who lives here."])
async def test_a_class_comes_back_as_an_object(client: AsyncOpenAI, text: str) -> None:
    told = await client.chat.completions.parse(
        model="demo-chat", messages=[{"role": "user", "content": text}], response_format=Person
    )
    person = told.choices[0].message.parsed
    assert person is not None
    assert person.streets
    assert person.streets[0].number


async def test_so_does_a_stream(client: AsyncOpenAI) -> None:
    async with client.chat.completions.stream(
        model="demo-chat",
        messages=[{"role": "user", "content": "Who lives here?"}],
        response_format=Person,
    ) as stream:
        kinds = {event.type async for event in stream}
        told = await stream.get_final_completion()
    assert "content.done" in kinds
    assert isinstance(told.choices[0].message.parsed, Person)


async def test_a_model_that_will_not_is_an_error_and_one_cut_short_says_so(client: AsyncOpenAI) -> None:
    with pytest.raises(APIStatusError) as caught:
        await client.chat.completions.parse(
            model="demo-chat",
            messages=[{"role": "user", "content": "Who is it? In prose, always."}],
            response_format=Person,
        )
    assert caught.value.code == "answer_not_in_format"
    with pytest.raises(LengthFinishReasonError):
        await client.chat.completions.parse(
            model="demo-chat",
            messages=[{"role": "user", "content": "Who lives here?"}],
            response_format=Person,
            max_tokens=3,
        )
