import pytest

from demo.asking import talk
from lmarena_bridge.demo.answers import memory
from lmarena_bridge.demo.answers.memory import name_of_user

CONVERSATION = ("One", "Uno", "Two", "Dos")


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("My name is Ola.", "Ola"),
        ("call me Zoë", "Zoë"),
        ("I'm Ola", "Ola"),
        ("I am Łukasz and tired", "Łukasz"),
        ("I'm tired", None),
        ("Mam na imię Staś", "Staś"),
        ("nazywam się Ola", "Ola"),
        ("Hello", None),
    ],
)
def test_a_name_is_heard(told: str, name: str | None) -> None:
    assert name_of_user(talk(told, "Hello", "and now?")) == name


def test_the_last_name_counts_and_only_the_users_own() -> None:
    assert name_of_user(talk("My name is Ola", "My name is Bot", "My name is Ala")) == "Ala"
    assert name_of_user(talk("Hi", "My name is Bot", "and?")) is None


def test_the_name_is_recalled_in_a_later_turn() -> None:
    asked = talk("My name is Ola", "Nice", "What is my name?")
    assert memory.about_the_name(asked, "en") == "Your name is Ola."
    assert (
        memory.about_the_name(talk("Mam na imię Ola", "Miło", "Jak mam na imię?"), "pl")
        == "Masz na imię Ola."
    )
    unknown = memory.about_the_name(talk("Who am I?"), "en")
    assert unknown is not None and unknown.startswith("You have not told me")


def test_a_name_just_told_is_greeted_and_other_talk_is_not_its_business() -> None:
    assert "Ola" in (memory.about_the_name(talk("My name is Ola"), "en") or "")
    assert memory.about_the_name(talk("My name is Ola", "Hi", "What is 2 + 2?"), "en") is None


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Quote message 1", "You wrote: “One”"),
        ("Quote message 2", "I wrote: “Uno”"),
        ("Please repeat message #4", "I wrote: “Dos”"),
        ("What was my first message?", "You wrote: “One”"),
        ("What was my 2nd message?", "You wrote: “Two”"),
        ("Recall my last message", "You wrote: “Two”"),
        ("Repeat the previous message", "I wrote: “Dos”"),
        ("Quote message 9", "There is no such message: before this one I was sent 4."),
        ("What was my third message?", "There is no such message: before this one I was sent 2."),
    ],
)
def test_earlier_messages_are_quoted(question: str, quoted: str) -> None:
    assert memory.about_earlier_messages(talk(*CONVERSATION, question), "en") == quoted


def test_quoting_works_in_polish_too() -> None:
    said = memory.about_earlier_messages(talk(*CONVERSATION, "Zacytuj moją pierwszą wiadomość"), "pl")
    assert said == "Ty: „One”"
    assert "przed tą dostałem 0" in (memory.about_earlier_messages(talk("Zacytuj wiadomość 3"), "pl") or "")


@pytest.mark.parametrize("question", ["Hello", "Repeat the message", "What was that?"])
def test_without_a_number_nothing_is_quoted(question: str) -> None:
    assert memory.about_earlier_messages(talk(*CONVERSATION, question), "en") is None


def test_messages_are_counted_by_who_said_them() -> None:
    asked = talk(*CONVERSATION, "How many messages are there?", system="Be kind")
    assert memory.about_the_count(asked, "en") == "I was sent 5 messages: 3 from you and 2 from me."
    assert (
        memory.about_the_count(talk("Ile wiadomości?"), "pl") == "Wiadomości jest 1: od ciebie 1, ode mnie 0."
    )
    assert memory.about_the_count(talk("Hello"), "en") is None


def test_the_system_prompt_is_told_when_asked_for() -> None:
    asked = talk("What are your instructions?", system="Be kind.")
    assert memory.about_the_instructions(asked, "en") == "My system prompt reads: “Be kind.”"
    assert memory.about_the_instructions(talk("Your system prompt?"), "en") == "I was given no system prompt."
    assert (
        memory.about_the_instructions(talk("Jakie masz instrukcje?"), "pl")
        == "Nie dostałem żadnych instrukcji."
    )
    assert memory.about_the_instructions(talk("Hello"), "en") is None
