"""Answers that prove which conversation was sent: names, earlier messages, counts, the system prompt."""

import re
from collections.abc import Mapping
from typing import Final

from lmarena_bridge.demo.answers.voice import Language
from lmarena_bridge.demo.conversation import Conversation, Turn

_NAME_TOLD = re.compile(
    # "I'm" only before a capital letter: "I'm tired" tells no name.
    r"\b(?:(?i:my name is|call me|mam na imię|nazywam się)|I(?:'m| am)(?=\s+[A-ZŁŚŻ]))"
    r"\s+([^\W\d_][\w'-]*)"
)
_NAME_ASKED = re.compile(
    r"\b(what(?:'s| is) my name|who am i|jak mam na imię|jak się nazywam)\b", re.IGNORECASE
)
_COUNT_ASKED = re.compile(r"\bhow many (?:messages|turns)\b|\bile (?:jest )?wiadomości\b", re.IGNORECASE)
_SYSTEM_ASKED = re.compile(
    r"\b(?:what are|show|repeat) your instructions\b|\bsystem prompt\b|\bjakie masz instrukcje\b",
    re.IGNORECASE,
)
_QUOTE_ASKED = re.compile(
    r"\b(?:quote|repeat|recall|what was|what did i say in|zacytuj|powtórz|jaka była|co było w)\b.*"
    r"\b(?:message|wiadomoś\w*)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:message|wiadomoś\w*) (?:number |no\.? ?|nr ?|#)?(\d{1,4})\b|\b(\d{1,4})(?:st|nd|rd|th)?\b"
)
_ORDINALS: Final[Mapping[str, int]] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "previous": -1,
    "pierwsz": 1, "drug": 2, "trzeci": 3, "czwart": 4, "piąt": 5, "ostatni": -1, "poprzedni": -1,
}  # fmt: skip
_MINE = re.compile(r"\b(?:my|i say|moj\w+|mój|moją)\b", re.IGNORECASE)


def name_of_user(conversation: Conversation) -> str | None:
    """The name the user gave last."""
    told = [found[1] for turn in conversation.asked for found in _NAME_TOLD.finditer(turn.text)]
    return told[-1] if told else None


def about_the_name(conversation: Conversation, language: Language) -> str | None:
    name = name_of_user(conversation)
    if _NAME_ASKED.search(conversation.question):
        return _name_recalled(name, language)
    if name and _NAME_TOLD.search(conversation.question):
        nice = {
            "en": f"Nice to meet you, {name}! I will remember your name as long as this conversation lasts.",
            "pl": f"Miło mi, {name}! Zapamiętam to imię do końca tej rozmowy. 😊",
        }
        return nice[language]
    return None


def about_earlier_messages(conversation: Conversation, language: Language) -> str | None:
    """Quotes the N-th message: of the user's own ("my second message") or of all (“message 2”)."""
    question = conversation.question
    if not _QUOTE_ASKED.search(question):
        return None
    number = _number_in(question)
    if number is None:
        return None
    turns = (conversation.asked if _MINE.search(question) else conversation.spoken)[:-1]
    turn = _nth(turns, number)
    if turn is None:
        return {
            "en": f"There is no such message: before this one I was sent {len(turns)}.",
            "pl": f"Nie ma takiej wiadomości: przed tą dostałem {len(turns)}.",
        }[language]
    speaker = {"user": {"en": "You", "pl": "Ty"}, "assistant": {"en": "I", "pl": "Ja"}}[turn.role][language]
    return {"en": f"{speaker} wrote: “{turn.text}”", "pl": f"{speaker}: „{turn.text}”"}[language]


def about_the_count(conversation: Conversation, language: Language) -> str | None:
    if not _COUNT_ASKED.search(conversation.question):
        return None
    mine = sum(turn.role == "assistant" for turn in conversation.turns)
    yours = len(conversation.asked)
    return {
        "en": f"I was sent {yours + mine} messages: {yours} from you and {mine} from me.",
        "pl": f"Wiadomości jest {yours + mine}: od ciebie {yours}, ode mnie {mine}.",
    }[language]


def about_the_instructions(conversation: Conversation, language: Language) -> str | None:
    if not _SYSTEM_ASKED.search(conversation.question):
        return None
    if not conversation.instructions:
        return {"en": "I was given no system prompt.", "pl": "Nie dostałem żadnych instrukcji."}[language]
    return {
        "en": f"My system prompt reads: “{conversation.instructions}”",
        "pl": f"Moje instrukcje: „{conversation.instructions}”",
    }[language]


def _name_recalled(name: str | None, language: Language) -> str:
    if name:
        return {"en": f"Your name is {name}.", "pl": f"Masz na imię {name}."}[language]
    return {
        "en": "You have not told me your name yet. Say “My name is …” and I will remember it.",
        "pl": "Jeszcze mi nie powiedziałeś. Napisz „Mam na imię …”, a zapamiętam.",
    }[language]


def _number_in(question: str) -> int | None:
    found = _NUMBERED.search(question)
    if found:
        return int(found[1] or found[2])
    return next(
        (number for word, number in _ORDINALS.items() if re.search(rf"\b{word}", question, re.I)), None
    )


def _nth(turns: tuple[Turn, ...], number: int) -> Turn | None:
    index = number - 1 if number > 0 else len(turns) + number
    return turns[index] if 0 <= index < len(turns) else None
