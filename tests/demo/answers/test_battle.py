from demo.asking import talk
from lmarena_bridge.demo.answers.battle import battle_answer


def test_the_two_sides_have_two_tempers_and_one_conversation() -> None:
    asked = talk("What is 2 + 2?")
    assert battle_answer(asked, "a") == "Oh, with pleasure! That is easy: 2 + 2 = 4."
    assert battle_answer(asked, "b") == "Hm, let me weigh that. That is easy: 2 + 2 = 4."
    assert battle_answer(talk("Cześć"), "b").startswith("Hm, zastanówmy się.")
