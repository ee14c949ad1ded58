from demo.asking import talk
from lmarena_bridge.demo.answers.thinking import thoughts


def test_thoughts_are_about_the_conversation() -> None:
    said = thoughts(talk("One", "Two", "What now, friend?", system="Be kind"))
    assert said.startswith("The user wrote “What now, friend?”, which is 3 words. Earlier messages: 2.")


def test_thoughts_are_in_the_language_of_the_conversation() -> None:
    assert thoughts(talk("Cześć")).startswith(
        "Użytkownik pisze: „Cześć”. To 1 słów. Wcześniejszych wiadomości: 0."
    )
