"""The sessions of the person's files and how each is doing, to be shown."""

from dataclasses import dataclass
from typing import Literal

from lmarena_bridge.core.config.sessions import Mode, SessionEntry, Side
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.health import SessionHealth, Word
from lmarena_bridge.core.site.pool import default_session, is_filled


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session. `model` None: it serves all models without one of their own.

    `state` "placeholder": the file holds no real ids. `jobs`: answers on their way. `wait`: seconds it still
    cools down. `reason`: why it is set aside.
    """

    model: str | None
    session_id: str
    message_id: str
    mode: Mode
    battle_target: Side | None
    profile: str | None
    state: Word | Literal["placeholder"]
    jobs: int
    wait: float
    reason: str | None


def session_views(config: Config, health: SessionHealth, now: float) -> tuple[SessionView, ...]:
    """In the order of the files, the default session last."""
    named: list[tuple[str | None, SessionEntry]] = [
        (model, session) for model, pool in config.sessions.items() for session in pool
    ]
    default = default_session(config)
    if default is not None and config.settings.use_default_ids_if_mapping_not_found:
        named.append((None, default))
    return tuple(_view(model, session, config, health, now) for model, session in named)


def _view(
    model: str | None, session: SessionEntry, config: Config, health: SessionHealth, now: float
) -> SessionView:
    mode = session.mode or config.settings.id_updater_last_mode
    target = session.battle_target or config.settings.id_updater_battle_target
    state = health.state(session, now)
    return SessionView(
        model=model,
        session_id=session.session_id,
        message_id=session.message_id,
        mode=mode,
        battle_target=target if mode == "battle" else None,
        profile=session.profile,
        state=state.word if is_filled(session) else "placeholder",
        jobs=state.jobs,
        wait=state.wait,
        reason=state.reason,
    )
