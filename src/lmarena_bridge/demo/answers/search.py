"""The search model: an answer with numbered markers, and made-up sources to go with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.demo.answers.pieces import pieces
from lmarena_bridge.demo.answers.voice import Language, speak, voice_for
from lmarena_bridge.demo.conversation import Conversation
from lmarena_bridge.demo.stream import Source

_SENTENCES: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (
        "About “{topic}” the handbook of the practice arena says that every answer needs a source.[1]",
        " Two other pages agree, and add that these sources are made up.[2][3]",
    ),
    "pl": (
        "O „{topic}” podręcznik areny mówi, że każda odpowiedź potrzebuje źródła.[1]",
        " Dwie inne strony potwierdzają i dodają, że te źródła są zmyślone.[2][3]",
    ),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """Sources that belong to the text said just before."""

    sources: tuple[Source, ...]


def search_answer(conversation: Conversation) -> list[str | Cited]:
    """Pieces of text, and after each sentence its sources: first one alone, then two together."""
    voice = voice_for(conversation)
    topic = conversation.question.strip()[:100] or "…"
    first, second = (speak(sentence.format(topic=topic), voice) for sentence in _SENTENCES[voice.language])
    both = (_source("2", topic, first, second), _source("3", topic, first, second))
    return [*pieces(first), Cited((_source("1", topic, "", first),)), *pieces(second), Cited(both)]


def _source(number: str, topic: str, before: str, sentence: str) -> Source:
    slug = re.sub(r"[^a-z0-9]+", "-", topic.lower()).strip("-") or "topic"
    return Source(
        id=number,
        url=f"https://example.org/{number}/{slug}",
        title=f"Practice page {number}: {topic}",
        start=len(before),
        end=len(before) + len(sentence),
    )
