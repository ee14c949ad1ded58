"""The battle models: two tempers, one conversation."""

from collections.abc import Mapping
from typing import Final

from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.answers.voice import Phrase, voice_for
from lmarena_bridge.demo.conversation import Conversation
from lmarena_bridge.demo.models import Side

_OPENINGS: Final[Mapping[Side, Phrase]] = {
    "a": {"en": "Oh, with pleasure! ", "pl": "O, z przyjemnością! "},
    "b": {"en": "Hm, let me weigh that. ", "pl": "Hm, zastanówmy się. "},
}


def battle_answer(conversation: Conversation, side: Side) -> str:
    """The cheerful answer of side a, or the thoughtful one of side b."""
    language = voice_for(conversation).language
    return _OPENINGS[side][language] + chat_answer(conversation)
