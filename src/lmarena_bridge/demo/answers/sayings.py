"""The longer things the chatty model says, in both of its languages."""

from collections.abc import Mapping
from typing import Final

from lmarena_bridge.demo.answers.voice import Language

HELP: Final[Mapping[Language, str]] = {
    "en": (
        "I can do small sums (try 12 × 4), remember your name, count and quote earlier messages, list what "
        "you attach, count to a hundred, tell a story, and obey a system prompt such as “You are a pirate”. "
        "I am a handful of rules built into LMArena Bridge, not a real model."
    ),
    "pl": (
        "Umiem liczyć (na przykład 12 × 4), pamiętam imię, cytuję i liczę wcześniejsze wiadomości, opisuję "
        "załączniki, opowiadam bajkę i słucham instrukcji systemowych. Jestem garścią reguł wbudowanych "
        "w LMArena Bridge, a nie prawdziwym modelem. 🙂"
    ),
}
WHO: Final[Mapping[Language, str]] = {
    "en": (
        "I am demo-chat, the practice model built into LMArena Bridge. "
        "Everything I say is made on this computer."
    ),
    "pl": (
        "Jestem demo-chat, model ćwiczebny wbudowany w LMArena Bridge. "
        "Wszystko, co mówię, powstaje na tym komputerze."
    ),
}
THANKS: Final[Mapping[Language, str]] = {"en": "You are welcome! 😊", "pl": "Proszę bardzo! 😊"}
FAREWELL: Final[Mapping[Language, str]] = {
    "en": "Goodbye, and good luck with the bridge! 👋",
    "pl": "Do widzenia i powodzenia! 👋",
}
STORY: Final[Mapping[Language, str]] = {
    "en": (
        "Once upon a time there was a small bridge over a wide river. On one bank lived the people with "
        "questions, on the other the ones with answers, and every word that crossed was carried by a single "
        "patient browser tab.\n\n"
        "One stormy night the wind tore the planks apart in the middle of a sentence. The tab counted what "
        "had already crossed, waited for the calm, and went on from the very next letter.\n\n"
        "Nobody on either bank ever noticed. That, the old bridge used to say, is how you know it was a "
        "good one."
    ),
    "pl": (
        "Dawno, dawno temu nad szeroką rzeką stał mały mostek. Na jednym brzegu mieszkali ludzie "
        "z pytaniami, na drugim ci z odpowiedziami, a każde słowo przenosiła cierpliwie jedna karta "
        "przeglądarki.\n\n"
        "Pewnej burzliwej nocy wicher zerwał deski w pół zdania. Karta policzyła, co już przeszło, "
        "zaczekała na ciszę i ruszyła dalej dokładnie od następnej litery.\n\n"
        "Nikt na żadnym brzegu niczego nie zauważył. Po tym, mawiał stary mostek, poznaje się dobrą robotę."
    ),
}
