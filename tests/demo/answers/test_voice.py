import pytest

from demo.asking import talk
from lmarena_bridge.demo.answers.voice import Language, Voice, speak, voice_for


@pytest.mark.parametrize(
    ("system", "question", "language"),
    [
        ("", "Hello", "en"),
        ("", "Cześć", "pl"),
        ("", "ile to 2+2", "pl"),
        ("Answer in Polish", "Hello", "pl"),
        ("Odpowiadaj po polsku.", "Hello", "pl"),
        ("Answer in English", "Cześć", "en"),
        ("Odpowiadaj po angielsku", "Dzień dobry", "en"),
    ],
)
def test_the_system_prompt_chooses_the_language_before_the_question(
    system: str, question: str, language: Language
) -> None:
    assert voice_for(talk(question, system=system)).language == language


def test_manners_come_from_the_system_prompt_only() -> None:
    asked = talk("Talk like a pirate, be brief, in capital letters")
    assert voice_for(asked) == Voice()
    told = talk("Hi", system="You are a pirate. Be brief. ALL CAPS.")
    assert voice_for(told) == Voice("en", pirate=True, brief=True, loud=True)


def test_a_pirate_speaks_like_one() -> None:
    text = speak("Hello! You are my friend, your ship is here.", Voice(pirate=True))
    assert text == "Arr! Ahoy! ye be me matey, yer ship be here. 🏴‍☠️"
    assert speak("Witaj.", Voice("pl", pirate=True)) == "Arr! Witaj. Do stu beczek rumu! 🏴‍☠️"


def test_brief_is_one_sentence_and_loud_is_capitals() -> None:
    assert speak("One. Two.", Voice(brief=True)) == "One."
    assert speak("One. Two.", Voice(loud=True)) == "ONE. TWO."
    assert speak("One. Two.", Voice()) == "One. Two."
