"""The picture of a server at this moment, section by section: what the start page is made of.

Times are seconds since 1970. Nothing that changes by itself with time is in it, so that a quiet server has
nothing to send.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

import msgspec

from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel
from lmarena_bridge.core.site.pool import pool_of
from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.server.readiness import why_not_ready
from lmarena_bridge.server.services import Services


def sections(services: Services) -> Mapping[str, object]:
    """All of them."""
    config, watch = services.configs.current(), services.board.watch
    answers = watch.last_answers
    return {
        "server": _server(services, config),
        "tabs": [{**asdict(tab), "last_answer": answers.get(tab.tab)} for tab in services.hub.tabs],
        "sessions": _sessions(services, config),
        "models": [_model(entry, config) for entry in known_models(config)],
        "running": [asked.told() for asked in watch.running],
        "requests": [asked.told() for asked in watch.ended],
        "capture": asdict(services.capture.state),
    }


def _server(services: Services, config: Config) -> dict[str, object]:
    settings = config.settings
    return {
        "version": services.version,
        "installed": services.board.installed.version,
        "home": str(services.home.path),
        "started": services.board.started,
        "reason": why_not_ready(services),
        "locked": bool(settings.api_keys),
        "port": settings.port,
        "image_return_mode": settings.image_return_mode,
        "recording": settings.record_requests,
        "recording_texts": settings.record_conversations,
        "settings": _mark(settings),
        "file_bed": settings.file_bed_enabled,
        "script_fetched": services.board.sightings.script_fetched,
        "others_answered": services.board.watch.others_answered,
        "refused": asdict(refused) if (refused := services.board.sightings.refused) else None,
        "tools_left_out": asdict(left_out) if (left_out := services.tool_uses.left_out) else None,
        "release": asdict(services.board.releases.news),
        "problems": [asdict(problem) for problem in services.configs.problems],
    }


def _mark(settings: Settings) -> str:
    """Another one for other settings; nothing of them can be read in it."""
    return hashlib.sha256(msgspec.json.encode(settings)).hexdigest()[:16]


def _sessions(services: Services, config: Config) -> list[dict[str, object]]:
    now = services.world.clock()
    views = session_views(config, services.health, now)
    return [
        {**{k: v for k, v in asdict(view).items() if k != "wait"}, "until": _until(now, view.wait)}
        for view in views
    ]


def _until(now: float, wait: float) -> int | None:
    return round(now + wait) if wait else None


def _model(entry: ModelEntry, config: Config) -> dict[str, object]:
    return {"name": entry.name, "id": entry.id, "kind": entry.kind, "session": _has_session(entry, config)}


def _has_session(model: ModelEntry, config: Config) -> bool:
    try:
        return bool(pool_of(model, config))
    except NoSessionForModel:
        return False
