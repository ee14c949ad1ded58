"""The sessions of a model: which there are by the person's files, and which of them answers next."""

from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import TypeVar

import msgspec

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, RateLimited, SessionExpired
from lmarena_bridge.core.site.address import is_id
from lmarena_bridge.core.site.health import Session, SessionHealth

AnySession = TypeVar("AnySession", bound=Session)


class Situation(msgspec.Struct, frozen=True):
    """How things stand whenever a session is chosen; mostly nobody wants to know.

    `now`: seconds since the epoch. `profiles`: of the browsers whose tabs can work. `pick(n)`: one of n.
    """

    health: SessionHealth
    now: Callable[[], float]
    profiles: Callable[[], Collection[str]]
    pick: Callable[[int], int]


def choose_session(model: str, pool: Sequence[AnySession], situation: Situation) -> AnySession:
    """One of the model's sessions, at random among the free ones; if all are busy, among the least busy.

    Sessions in which something failed lately, and those of browsers that are not there, are left for when
    nothing else is. `pool`: not empty.
    Raises SessionExpired if all are set aside, RateLimited if all others cool down.
    """
    if len(pool) == 1 and situation.health.all_ready:
        return pool[0]
    now = situation.now()
    states = [situation.health.state(session, now) for session in pool]
    usable = [(session, state) for session, state in zip(pool, states, strict=True) if state.reason is None]
    if not usable:
        raise _all_set_aside(model, [state.reason for state in states if state.reason is not None])
    ready = [(session, state) for session, state in usable if state.wait == 0]
    if not ready:
        raise _all_cooling(model, [state.wait for _, state in usable])
    profiles = situation.profiles()
    present = [each for each in ready if each[0].profile is None or each[0].profile in profiles]
    offered = present or ready
    offered = [each for each in offered if not each[1].resting] or offered
    least = min(state.jobs for _, state in offered)
    candidates = [session for session, state in offered if state.jobs == least]
    return candidates[situation.pick(len(candidates))]


def pool_of(model: ModelEntry, config: Config) -> Sequence[SessionEntry]:
    """The model's own sessions, else the default one if that is allowed; placeholders do not count.

    Never empty: raises NoSessionForModel.
    """
    own = config.sessions.get(model.name, ())
    if filled := tuple(filter(is_filled, own)):
        return filled
    if own:
        raise _nothing_for(model, 'its entry in model_endpoint_map.json holds no real ids (like "YOUR_…")')
    if not config.settings.use_default_ids_if_mapping_not_found:
        raise _nothing_for(
            model,
            "it has no entry in model_endpoint_map.json, and use_default_ids_if_mapping_not_found is off",
        )
    default = default_session(config)
    if default is None:
        raise _nothing_for(model, "session_id and message_id in config.jsonc are not set")
    return (default,)


def default_session(config: Config) -> SessionEntry | None:
    """The session of all models that have none of their own, if there is one."""
    settings = config.settings
    profile = settings.session_profile or None
    session = SessionEntry(settings.session_id, settings.message_id, profile=profile)
    return session if is_filled(session) else None


def is_filled(session: SessionEntry) -> bool:
    """Whether the person has put real ids in place of the placeholders."""
    return is_id(session.session_id) and is_id(session.message_id)


def _nothing_for(model: ModelEntry, why: str) -> NoSessionForModel:
    return NoSessionForModel(
        f"There is no session for the model {model.name!r}: {why}. Open a chat with that model on the site, "
        "run `lmarena-bridge session capture` and click Retry on its answer.",
        param="model",
    )


def _all_set_aside(model: str, reasons: Sequence[str]) -> SessionExpired:
    """Each reason says itself what to do about it."""
    what = "Its session was" if len(reasons) == 1 else f"All {len(reasons)} of its sessions were"
    return SessionExpired(
        f"The model {model!r} cannot answer. {what} set aside after a refusal: {reasons[-1]}"
    )


def _all_cooling(model: str, waits: Sequence[float]) -> RateLimited:
    what = "its session is" if len(waits) == 1 else f"all {len(waits)} of its sessions are"
    wait = min(waits)
    return RateLimited(
        f"The model {model!r} must pause: {what} at LMArena's rate limit. Try again in {ceil(wait)} s.",
        retry_after=wait,
    )
