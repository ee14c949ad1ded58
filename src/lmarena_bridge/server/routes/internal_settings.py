"""GET and POST /internal/settings: config.jsonc as a form, made of the same declaration as the file."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from lmarena_bridge.core.config.change import changed_settings
from lmarena_bridge.core.config.checks import found, found_kind
from lmarena_bridge.core.config.files import SETTINGS_FILE
from lmarena_bridge.core.config.setting import Setting
from lmarena_bridge.core.config.settings import SETTINGS, Settings
from lmarena_bridge.core.errors import ConfigError, InvalidRequest
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.server.services import Services
from lmarena_bridge.storage.config_writer import ConfigWriter

_UNKNOWN: Final = Template("setting.unknown", 'There is no setting "{name}" in {file}.')
_WRONG: Final = Template("setting.wrong", '"{name}" must be {expected}, not {found}.')


class _Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New values by name; null stands for the default."""

    changes: dict[str, Any]


def internal_settings_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal/settings", include_in_schema=False)

    @router.get("")
    async def settings() -> JSONResponse:
        """`{file, settings}`: what each is about, may be, and is. Secrets are not told."""
        now = services.configs.current().settings
        shown = [_shown(each, now) for each in SETTINGS.values() if each.in_use]
        return JSONResponse({"file": str(services.home.settings), "settings": shown})

    @router.post("")
    async def change(request: Request) -> JSONResponse:
        """`{changes: {NAME: value or null}}`: written into the file, in which everything else stays."""
        changes = _read(await request.body())
        values = {name: value for name, value in changes.items() if value is not None}
        defaulted = [name for name, value in changes.items() if value is None]
        try:
            write = ConfigWriter(services.home).write
            await asyncio.to_thread(write, changed_settings(values, defaulted))
        except ConfigError as error:
            raise InvalidRequest(error.said or error.message, param=error.param) from error
        services.configs.current()
        services.board.feed.poke()
        return JSONResponse({})

    return router


def _shown(setting: Setting, now: Settings) -> Mapping[str, object]:
    value, default = getattr(now, setting.name), setting.default
    return {
        "name": setting.name,
        "section": setting.section,
        "about": setting.about,
        "kind": _kind(setting),
        "schema": setting.check.schema,
        "secret": setting.secret,
        "at_start": setting.at_start,
        "default": "" if setting.secret else default,
        "value": "" if setting.secret else value,
        "changed": value != default,
    }


def _kind(setting: Setting) -> str:
    """What a form needs for it: "flag", "choice", "number", "text", "texts" or "secret"."""
    match setting.check.schema:
        case _ if setting.secret:
            return "secret"
        case {"enum": _}:
            return "choice"
        case {"type": "boolean"}:
            return "flag"
        case {"type": "integer" | "number"}:
            return "number"
        case {"type": "array"}:
            return "texts"
        case _:
            return "text"


def _read(body: bytes) -> Mapping[str, Any]:
    """Raises InvalidRequest for the first that is wrong, by its name."""
    try:
        changes = msgspec.json.decode(body, type=_Changes).changes
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"These are no settings: {error}") from error
    for name, value in changes.items():
        setting = SETTINGS.get(name)
        if setting is None or not setting.in_use:
            raise InvalidRequest(_UNKNOWN(name=name[:80], file=SETTINGS_FILE), param=name[:80])
        if value is not None:
            _check(setting, value)
    return changes


def _check(setting: Setting, value: object) -> None:
    try:
        setting.check.read(value)
    except ValueError as error:
        is_list = isinstance(value, Sequence) and not isinstance(value, str)
        said = found_kind(value) if setting.secret or is_list else found(value)
        wrong = _WRONG(name=setting.name, expected=setting.check.expected, found=said)
        raise InvalidRequest(wrong, param=setting.name) from error
