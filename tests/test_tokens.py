"""The vocabulary that is really used."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.errors import NoTokenizer
from lmarena_bridge.tokens import Tokenizer, Tokens, Vocabulary, o200k

VOCABULARY = o200k()


async def test_tokens_are_those_of_o200k() -> None:
    # The count that OpenAI publishes for this text with o200k_base.
    assert await Tokens().counts("antidisestablishmentarianism", "2 + 2 = 4", "お誕生日おめでとう", "") == [
        6,
        7,
        8,
        0,
    ]


async def test_long_texts_are_counted_alike() -> None:
    tokens = Tokens()
    (short,) = await tokens.counts("one, two, three; " * 100)
    (long,) = await tokens.counts("one, two, three; " * 1000)
    assert long == pytest.approx(10 * short, rel=0.01)


async def test_a_beginning_is_cut_between_characters() -> None:
    tokenizer = await Tokens().tokenizer()
    text = "Zażółć gęślą jaźń 🦔🦔"
    for tokens in range(tokenizer.count(text) + 1):
        head = tokenizer.head(text, tokens)
        assert text.startswith(head)
        assert tokenizer.count(head) <= tokens
    assert head == text


async def test_what_looks_like_a_special_token_is_text() -> None:
    special: dict[str, int] = o200k().special_tokens()  # type: ignore[attr-defined]
    assert "<|endoftext|>" in special
    assert min(await Tokens().counts(*special)) > 1


@given(st.text(st.sampled_from(["a", "ą", " ", "\n", "<", "|", ">", "1", "🌉", "\r", "\u2028", "\0"])))
def test_texts_are_counted_as_their_beginnings_are_cut(text: str) -> None:
    tokenizer = Tokenizer(VOCABULARY)
    assert tokenizer.count(text) == len(VOCABULARY.encode_ordinary(text))


async def test_it_is_loaded_once_however_many_ask() -> None:
    tokens = Tokens()
    first, *others = await asyncio.gather(*(tokens.tokenizer() for _ in range(5)))
    assert all(other is first for other in others)
    assert await tokens.tokenizer() is first


class Reluctant:
    """Loads the vocabulary when it is asked for the third time."""

    def __init__(self, error: Exception) -> None:
        self.asked = 0
        self._error = error

    def __call__(self) -> Vocabulary:
        self.asked += 1
        if self.asked < 3:
            raise self._error
        return o200k()


@pytest.mark.parametrize(
    "error", [OSError(24, "Too many open files"), ImportError("no library"), MemoryError()]
)
async def test_a_vocabulary_that_does_not_load_costs_the_exact_count_alone(error: Exception) -> None:
    loading = Reluctant(error)
    tokens = Tokens(loading)
    assert await tokens.counts("12345678", "123456789", "łódź", "\ud800", "") == [2, 3, 2, 1, 0]
    with pytest.raises(NoTokenizer, match="on the computer of the bridge") as told:
        await tokens.tokenizer()
    assert str(error) in told.value.message
    assert (await tokens.tokenizer()).count("2 + 2 = 4") == 7
    assert await tokens.counts("2 + 2 = 4") == [7]
    assert loading.asked == 3
