"""The models of the arena, each with the session and message that a Retry on it would capture."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "image", "search"]
Mode = Literal["direct_chat", "battle"]
Side = Literal["a", "b"]
Persona = Literal["chat", "thinker", "search", "painter", "left", "right", "duel", "tool-user"]


@dataclass(frozen=True, slots=True)
class DemoModel:
    """One model and one way to reach it.

    name: the model's public name. model_id: its id on the site. session_id, message_id: what a configuration
    maps the name to. kind, mode and battle_target are the words of that configuration. persona: who answers.
    both_sides: the session's stream carries the other side's answer in between. blurb: a line for people.
    """

    name: str
    model_id: str
    session_id: str
    message_id: str
    kind: Kind
    mode: Mode
    battle_target: Literal["A", "B"] | None
    persona: Persona
    blurb: str
    both_sides: bool = False

    @property
    def side(self) -> Side:
        """The participant whose lines carry this model's answer."""
        return "b" if self.battle_target == "B" else "a"


def _model_id(number: int) -> str:
    return f"019ade00-0001-7a00-8a00-{number:012x}"


def _session_id(number: int) -> str:
    return f"019ade00-0002-7b00-8b00-{number:012x}"


def _message_id(number: int) -> str:
    return f"019ade00-0003-7c00-8c00-{number:012x}"


def _direct(number: int, name: str, kind: Kind, persona: Persona, blurb: str) -> DemoModel:
    return DemoModel(
        name,
        _model_id(number),
        _session_id(number),
        _message_id(number),
        kind,
        "direct_chat",
        None,
        persona,
        blurb,
    )


def _battle(number: int, session: int, target: Literal["A", "B"], persona: Persona, blurb: str) -> DemoModel:
    return DemoModel(
        name=f"demo-{persona}" if persona != "duel" else f"demo-duel-{target.lower()}",
        model_id=_model_id(number),
        session_id=_session_id(session),
        message_id=_message_id(number),
        kind="text",
        mode="battle",
        battle_target=target,
        persona=persona,
        blurb=blurb,
        both_sides=persona == "duel",
    )


DEMO_MODELS: Final = (
    _direct(1, "demo-chat", "text", "chat", "Small talk, sums, and a memory for what you told it."),
    _direct(2, "demo-thinker", "text", "thinker", "Thinks aloud first, then answers."),
    _direct(3, "demo-search", "search", "search", "Answers with numbered sources (made up, all of them)."),
    _direct(4, "demo-painter", "image", "painter", "Draws your words as a picture."),
    _battle(5, 5, "A", "left", "The cheerful half of a battle."),
    _battle(6, 5, "B", "right", "The thoughtful half of a battle."),
    _battle(7, 7, "A", "duel", "Side A of a battle in which both sides talk at once."),
    _battle(8, 7, "B", "duel", "Side B of a battle in which both sides talk at once."),
)
"""One entry per model name; what a demo configuration maps."""

TOOL_MODELS: Final = (
    _direct(9, "demo-tools", "text", "tool-user", "Uses the tools that a program offers it."),
    _direct(10, "demo-tools-thinker", "text", "tool-user", "The same, after thinking aloud about it."),
    _direct(11, "demo-tools-sloppy", "text", "tool-user", "The same, with calls that need repair."),
    _direct(12, "demo-tools-foreign", "text", "tool-user", "The same, in a form learnt elsewhere at first."),
    _direct(13, "demo-tools-confused", "text", "tool-user", "The same, with a wrong tool at first."),
)
"""Models that use tools, each in its manner. They can be asked, but stand in no list of the site's."""

DEMO_POOL: Final = tuple(
    DemoModel(
        name="demo-chat",
        model_id=_model_id(1),
        session_id=_session_id(number),
        message_id=_message_id(number),
        kind="text",
        mode="direct_chat",
        battle_target=None,
        persona="chat",
        blurb="The same model in another session.",
    )
    for number in (0x11, 0x12, 0x13)
)
"""Further sessions of `demo-chat`, for a pool."""

VOTED_MESSAGE_ID: Final = _message_id(0xF0)
"""A message in demo-chat's session that a person has voted on: it cannot be retried (since 2025-08-22)."""

USER_ID: Final = "019ade00-0004-7d00-8d00-000000000001"
"""The site user to whom all these sessions belong."""

STRANGER_ID: Final = "019ade00-0004-7d00-8d00-000000000002"
"""Another user, to whom none of them belongs."""


def sessions_of(session_id: str) -> tuple[DemoModel, ...]:
    """All entries of one session, side a first; empty when the session is unknown."""
    return tuple(model for model in DEMO_MODELS + TOOL_MODELS + DEMO_POOL if model.session_id == session_id)
