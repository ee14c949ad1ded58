import pytest

from demo.asking import talk
from lmarena_bridge.demo.answers.chat import chat_answer


def test_the_answer_takes_the_whole_conversation_into_account() -> None:
    assert chat_answer(talk("My name is Ola", "Hi", "What is my name?")) == "Your name is Ola."
    assert chat_answer(talk("One", "Two", "Quote message 2")) == "I wrote: “Two”"


def test_sums_are_done_in_both_languages() -> None:
    assert chat_answer(talk("What is 12 × 4?")) == "That is easy: 12 × 4 = 48."
    assert chat_answer(talk("ile to 12 × 4?")) == "To proste: 12 × 4 = 48."


def test_a_question_no_rule_knows_is_repeated_back() -> None:
    assert "“Why is the sky blue?”" in chat_answer(talk("Why is the sky blue?"))
    assert "„Dlaczego niebo jest niebieskie? Wyjaśnij!”" in chat_answer(
        talk("Dlaczego niebo jest niebieskie? Wyjaśnij!")
    )
    long = chat_answer(talk("word " * 100))
    assert "…”" in long and len(long) < 450


@pytest.mark.parametrize("question", ["", " "])
def test_an_empty_question_has_an_answer_too(question: str) -> None:
    assert chat_answer(talk(question)) == "You sent me nothing to answer."
    assert chat_answer(talk(question, system="po polsku")) == "Nie mam na co odpowiedzieć."


def test_the_system_prompt_is_obeyed_but_dictation_stays_exact() -> None:
    assert chat_answer(talk("Hello", system="You are a pirate")).startswith("Arr! Ahoy!")
    assert chat_answer(talk("Hello", system="Answer in Polish, tersely")) == "Cześć!"
    assert chat_answer(talk("Say: Hello", system="You are a pirate")) == "Hello"
