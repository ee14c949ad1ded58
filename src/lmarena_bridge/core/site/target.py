"""Which model, session and side a request goes to, by what the person's files say."""

from typing import Literal

import msgspec

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import Mode, SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.pool import pool_of

# The participants as the site writes them, in positions and at the start of each line of a stream.
Participant = Literal["a", "b"]


class Target(msgspec.Struct, frozen=True, gc=False):
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


def targets_of(entry: ModelEntry, config: Config) -> tuple[Target, ...]:
    """Where a request for this model may go: one target for each session of its pool.

    Raises NoSessionForModel.
    """
    return tuple(_target(entry, session, config.settings) for session in pool_of(entry, config))


def _target(entry: ModelEntry, session: SessionEntry, settings: Settings) -> Target:
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
