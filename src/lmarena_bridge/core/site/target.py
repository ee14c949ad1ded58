"""Which model, session and side a request goes to, by what the person's files say."""

from typing import Literal

import msgspec

from lmarena_bridge.core.config.known import model_named
from lmarena_bridge.core.config.sessions import Mode, SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.pool import Situation, choose_session

# The participants as the site writes them, in positions and at the start of each line of a stream.
Participant = Literal["a", "b"]


class Target(msgspec.Struct, frozen=True):
    """Where a request goes. `model_id` None: whatever model the session has answers."""

    model: str
    model_id: str | None
    kind: str
    session_id: str
    message_id: str
    mode: Mode
    side: Participant
    # The browser profile whose login the session belongs to; None: not known.
    profile: str | None = None


def choose_target(model: str, config: Config, situation: Situation) -> Target:
    """The target of a request for `model`.

    Raises UnknownModel, NoSessionForModel, SessionExpired, RateLimited.
    """
    entry = model_named(model, config)
    settings = config.settings
    session = choose_session(entry, config, situation)
    mode = session.mode or settings.id_updater_last_mode
    return Target(
        model=entry.name,
        model_id=entry.id,
        kind=entry.kind,
        session_id=session.session_id,
        message_id=session.message_id,
        mode=mode,
        side=_side(mode, session, settings),
        profile=session.profile,
    )


def _side(mode: Mode, session: SessionEntry, settings: Settings) -> Participant:
    """The answer of a direct chat is always on side a (site-protocol.md 3.4)."""
    if mode == "direct_chat":
        return "a"
    return "b" if (session.battle_target or settings.id_updater_battle_target) == "B" else "a"
