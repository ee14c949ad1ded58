"""The small chatty model: the first rule that has something to say answers."""

from collections.abc import Callable, Sequence

from lmarena_bridge.demo.answers import arithmetic
from lmarena_bridge.demo.answers.as_json import in_json
from lmarena_bridge.demo.answers.attached import about_attachments
from lmarena_bridge.demo.answers.memory import (
    about_earlier_messages,
    about_the_count,
    about_the_instructions,
    about_the_name,
)
from lmarena_bridge.demo.answers.smalltalk import counting, dictation, greeting, topics
from lmarena_bridge.demo.answers.voice import Language, speak, voice_for
from lmarena_bridge.demo.conversation import Conversation

Rule = Callable[[Conversation, Language], str | None]


def chat_answer(conversation: Conversation) -> str:
    """What the model says to the last question, in the voice that the conversation asks for."""
    voice = voice_for(conversation)
    said = dictation(conversation, voice.language)
    if said is not None:
        return said
    answers = (rule(conversation, voice.language) for rule in _RULES)
    return speak(next(answer for answer in answers if answer is not None), voice)


def _sum(conversation: Conversation, language: Language) -> str | None:
    result = arithmetic.worked_out(conversation.question)
    if result is None:
        return None
    return {"en": f"That is easy: {result}.", "pl": f"To proste: {result}."}[language]


def _friendly_echo(conversation: Conversation, language: Language) -> str:
    question = conversation.question.strip()
    if not question:
        return {"en": "You sent me nothing to answer.", "pl": "Nie mam na co odpowiedzieć."}[language]
    shown = question if len(question) <= 280 else f"{question[:280]}…"
    return {
        "en": f"You wrote: “{shown}” A real model would know more; I am here for practice. Ask for “help”!",
        "pl": f"Napisałeś: „{shown}” Prawdziwy model wie więcej, ja tylko ćwiczę. Zapytaj: „co umiesz?”",
    }[language]


_RULES: Sequence[Rule] = (
    in_json,
    about_earlier_messages,
    about_the_count,
    about_the_instructions,
    about_the_name,
    about_attachments,
    counting,
    _sum,
    topics,
    greeting,
    _friendly_echo,
)
