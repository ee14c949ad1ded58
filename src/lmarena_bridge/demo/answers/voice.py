"""In which language and manner to speak: what the system prompt asks for, else what the user speaks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.demo.conversation import Conversation

Language = Literal["en", "pl"]
Phrase = Mapping[Language, str]

_POLISH_LETTERS = re.compile("[ąćęłńśźż]", re.IGNORECASE)
_POLISH_WORDS = re.compile(
    r"\b(czesc|hej|witaj|dzien dobry|ile (?:to|jest)|co umiesz|jestem|opowiedz|powiedz|pomoc)\b",
    re.IGNORECASE,
)
_IN_POLISH = re.compile(r"\bpolish\b|\bpo polsku\b|\bpolski\b", re.IGNORECASE)
_IN_ENGLISH = re.compile(r"\benglish\b|\bpo angielsku\b", re.IGNORECASE)
_PIRATE = re.compile(r"\bpirate\b|\bpirat", re.IGNORECASE)
_BRIEF = re.compile(
    r"\b(terse(?:ly)?|brief(?:ly)?|concise(?:ly)?|one sentence|short|krótko|zwięźle)\b", re.IGNORECASE
)
_LOUD = re.compile(r"\b(all caps|capital letters|uppercase|wielkimi literami)\b", re.IGNORECASE)

# Longest first, so that "you are" does not end as "ye are".
_PIRATE_WORDS: Final[Mapping[str, str]] = {
    "you are": "ye be",
    "i am": "I be",
    "hello": "Ahoy",
    "friend": "matey",
    "yes": "aye",
    "your": "yer",
    "you": "ye",
    "my": "me",
    "is": "be",
}


@dataclass(frozen=True, slots=True)
class Voice:
    language: Language = "en"
    pirate: bool = False
    brief: bool = False
    loud: bool = False


def voice_for(conversation: Conversation) -> Voice:
    wish = conversation.instructions
    return Voice(
        language=_language(wish, conversation.question),
        pirate=bool(_PIRATE.search(wish)),
        brief=bool(_BRIEF.search(wish)),
        loud=bool(_LOUD.search(wish)),
    )


def speak(text: str, voice: Voice) -> str:
    """`text` in the manner of `voice`; the language it has already."""
    if voice.brief:
        text = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    if voice.pirate:
        text = _as_a_pirate(text, voice.language)
    return text.upper() if voice.loud else text


def _language(wish: str, question: str) -> Language:
    if _IN_POLISH.search(wish):
        return "pl"
    if _IN_ENGLISH.search(wish):
        return "en"
    spoken = _POLISH_LETTERS.search(question) or _POLISH_WORDS.search(question)
    return "pl" if spoken else "en"


def _as_a_pirate(text: str, language: Language) -> str:
    if language == "pl":
        return f"Arr! {text} Do stu beczek rumu! 🏴‍☠️"
    words = "|".join(_PIRATE_WORDS)
    swapped = re.sub(
        rf"\b({words})\b", lambda word: _PIRATE_WORDS[word[0].lower()], text, flags=re.IGNORECASE
    )
    return f"Arr! {swapped} 🏴‍☠️"
