"""Greetings, thanks, a story, counting: what people try first."""

import re
from collections.abc import Sequence

from lmarena_bridge.demo.answers.memory import name_of_user
from lmarena_bridge.demo.answers.sayings import FAREWELL, HELP, STORY, THANKS, WHO
from lmarena_bridge.demo.answers.voice import Language, Phrase
from lmarena_bridge.demo.conversation import Conversation

_SAY = re.compile(
    r"^\s*(?:say|repeat after me|powiedz|powtórz)(?: exactly)?:\s*(.+)", re.IGNORECASE | re.DOTALL
)
_COUNT_TO = re.compile(r"\b(?:count (?:from 1 )?to|policz do) (\d{1,4})\b", re.IGNORECASE)
_GREETING = re.compile(
    r"^\W*(hi|hello|hey|good (?:morning|evening)|cześć|czesc|hej|witaj|dzień dobry)\b", re.IGNORECASE
)

_TOPICS: Sequence[tuple[re.Pattern[str], Phrase]] = (
    (re.compile(r"\b(what can you do|help|co umiesz|co potrafisz|pomoc)\b", re.IGNORECASE), HELP),
    (re.compile(r"\b(who are you|what are you|kim jesteś|czym jesteś)\b", re.IGNORECASE), WHO),
    (re.compile(r"\b(thanks|thank you|dzięki|dziękuję)\b", re.IGNORECASE), THANKS),
    (re.compile(r"\b(bye|goodbye|do widzenia|na razie)\b", re.IGNORECASE), FAREWELL),
    (re.compile(r"\b(story|fairy tale|bajk\w*|opowiada\w*|historyjk\w*)\b", re.IGNORECASE), STORY),
)


def dictation(conversation: Conversation, _language: Language) -> str | None:
    """`Say: …` is answered with exactly that."""
    found = _SAY.match(conversation.question)
    return found[1] if found else None


def counting(conversation: Conversation, _language: Language) -> str | None:
    found = _COUNT_TO.search(conversation.question)
    return " ".join(str(number) for number in range(1, int(found[1]) + 1)) if found else None


def topics(conversation: Conversation, language: Language) -> str | None:
    question = conversation.question
    return next((phrase[language] for pattern, phrase in _TOPICS if pattern.search(question)), None)


def greeting(conversation: Conversation, language: Language) -> str | None:
    if not _GREETING.search(conversation.question):
        return None
    name = name_of_user(conversation)
    called = f", {name}" if name else ""
    if len(conversation.asked) > 1:
        return {"en": f"Hello again{called}! 👋", "pl": f"Witaj znowu{called}! 👋"}[language]
    return {
        "en": f"Hello{called}! 👋 You are talking to the practice arena. What would you like to try?",
        "pl": f"Cześć{called}! 👋 To jest arena ćwiczebna. Czego chcesz spróbować? Zażółć gęślą jaźń!",
    }[language]
