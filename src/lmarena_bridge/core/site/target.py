"""Which model, session and side a request goes to, by what the person's files say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lmarena_bridge.core.config.known import model_named
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import Mode, SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel
from lmarena_bridge.core.site.address import is_id

# The participants as the site writes them, in positions and at the start of each line of a stream.
Participant = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Target:
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


def choose_target(model: str, config: Config, *, pick: Callable[[int], int]) -> Target:
    """The target of a request for `model`; `pick(n)` chooses one of n sessions.

    Raises UnknownModel, NoSessionForModel.
    """
    entry = model_named(model, config)
    settings = config.settings
    sessions = _sessions(entry, config)
    session = sessions[pick(len(sessions))]
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


def _sessions(entry: ModelEntry, config: Config) -> Sequence[SessionEntry]:
    """The model's own pool, else the default session if that is allowed. Placeholders do not count."""
    own = config.sessions.get(entry.name, ())
    usable = [session for session in own if _is_filled(session)]
    if usable:
        return usable
    settings = config.settings
    if own:
        raise _nothing_for(entry, 'its entry in model_endpoint_map.json holds no real ids (like "YOUR_…")')
    if not settings.use_default_ids_if_mapping_not_found:
        raise _nothing_for(
            entry,
            "it has no entry in model_endpoint_map.json, and use_default_ids_if_mapping_not_found is off",
        )
    default = SessionEntry(settings.session_id, settings.message_id)
    if not _is_filled(default):
        raise _nothing_for(entry, "session_id and message_id in config.jsonc are not set")
    return (default,)


def _is_filled(session: SessionEntry) -> bool:
    return is_id(session.session_id) and is_id(session.message_id)


def _nothing_for(entry: ModelEntry, why: str) -> NoSessionForModel:
    return NoSessionForModel(
        f"There is no session for the model {entry.name!r}: {why}. Open a chat with that model on the site, "
        "run `lmarena-bridge session capture` and click Retry on its answer.",
        param="model",
    )
