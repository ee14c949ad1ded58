import pytest

from demo.asking import talk
from lmarena_bridge.demo.answers import smalltalk
from lmarena_bridge.demo.answers.voice import Language


def test_dictation_is_repeated_to_the_letter() -> None:
    assert smalltalk.dictation(talk("Say: Zażółć  gęślą\njaźń 🦦"), "en") == "Zażółć  gęślą\njaźń 🦦"
    assert smalltalk.dictation(talk("Powiedz: tak"), "pl") == "tak"
    assert smalltalk.dictation(talk("You say: no"), "en") is None


def test_counting_goes_as_far_as_asked() -> None:
    assert smalltalk.counting(talk("Please count to 5"), "en") == "1 2 3 4 5"
    assert smalltalk.counting(talk("policz do 2"), "pl") == "1 2"
    assert smalltalk.counting(talk("count me in"), "en") is None


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What can you do?", "I can do small sums"),
        ("co umiesz?", "Umiem liczyć"),
        ("Who are you?", "I am demo-chat"),
        ("dzięki!", "Proszę bardzo"),
        ("bye", "Goodbye"),
        ("Tell me a story", "Once upon a time"),
        ("Opowiadaj bajkę", "Dawno, dawno temu"),
    ],
)
def test_topics_are_recognised(question: str, begins: str) -> None:
    language: Language = "pl" if begins[0] in "UPD" else "en"
    said = smalltalk.topics(talk(question), language)
    assert said is not None and said.startswith(begins)


def test_other_topics_are_none_of_these() -> None:
    assert smalltalk.topics(talk("The weather?"), "en") is None


def test_a_greeting_knows_the_name_and_whether_we_met() -> None:
    assert (smalltalk.greeting(talk("Hi!"), "en") or "").startswith("Hello! 👋 You are talking to")
    again = smalltalk.greeting(talk("My name is Ola", "Hello", "Hi"), "en")
    assert again == "Hello again, Ola! 👋"
    assert (smalltalk.greeting(talk("Cześć"), "pl") or "").endswith("Zażółć gęślą jaźń!")
    assert smalltalk.greeting(talk("Why hello?"), "en") is None
