"""The vocabulary that is really used."""

import asyncio

from lmarena_bridge.tokens import Tokens


async def test_tokens_are_those_of_o200k() -> None:
    # The count that OpenAI publishes for this text with o200k_base.
    assert await Tokens().counts("antidisestablishmentarianism", "2 + 2 = 4", "お誕生日おめでとう", "") == [
        6,
        7,
        8,
        0,
    ]


async def test_a_beginning_is_cut_between_characters() -> None:
    tokenizer = await Tokens().tokenizer()
    text = "Zażółć gęślą jaźń 🦔🦔"
    for tokens in range(tokenizer.count(text) + 1):
        head = tokenizer.head(text, tokens)
        assert text.startswith(head)
        assert tokenizer.count(head) <= tokens
    assert head == text


async def test_what_looks_like_a_special_token_is_text() -> None:
    (tokens,) = await Tokens().counts("<|endoftext|>")
    assert tokens > 1


async def test_it_is_loaded_once_however_many_ask() -> None:
    tokens = Tokens()
    first, *others = await asyncio.gather(*(tokens.tokenizer() for _ in range(5)))
    assert all(other is first for other in others)
    assert await tokens.tokenizer() is first
