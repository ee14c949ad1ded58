"""POST /internal/start_id_capture: wait for a click on Retry, then write the ids into the person's files."""

import asyncio
from dataclasses import asdict
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from lmarena_bridge.core.config.files import SESSIONS_FILE, SETTINGS_FILE
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.errors import BridgeError, ConfigError
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.server.capture import Click
from lmarena_bridge.server.capture_order import CaptureOrder, read_order
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.services import Services
from lmarena_bridge.storage.config_writer import ConfigWriter

_NOT_WRITTEN: Final = Template(
    "capture.not.written",
    "The session was captured (session_id {session_id}, message_id {message_id}) but could not be "
    "written: {why}",
)

_log = structlog.get_logger(__name__)


def internal_capture_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.post("/start_id_capture")
    async def start_id_capture(request: Request) -> Response:
        """`{mode, target, model, append, new, timeout}` → the ids, and the file they went to."""
        order = read_order(await request.body(), services.configs.current())
        result: dict[str, object] | BridgeError = {}

        async def work() -> None:
            nonlocal result
            try:
                result = await _captured(services, order)
            except BridgeError as error:
                result = error

        await while_client_stays(request.receive, work())
        if isinstance(result, BridgeError):
            raise result
        return JSONResponse(result)

    return router


async def _captured(services: Services, order: CaptureOrder) -> dict[str, object]:
    click = await services.capture.click(within=order.timeout)
    entry = SessionEntry(
        click.ids.session_id, click.ids.message_id, order.mode, order.target, click.profile or None
    )
    file = await _write(ConfigWriter(services.home), order, entry)
    services.health.captured(entry.session_id, entry.message_id)
    _log.info("captured a session", model=order.model, file=file, mode=order.mode, side=order.target)
    return {**asdict(entry), "model": order.model, "file": file, "browser": _browser(services, click)}


async def _write(writer: ConfigWriter, order: CaptureOrder, entry: SessionEntry) -> str:
    """Writes in a thread, for it may have to wait for another writer. Says which file."""
    ids = entry.session_id, entry.message_id
    try:
        if order.model is None:
            profile = entry.profile or ""
            await asyncio.to_thread(writer.set_default_session, *ids, order.mode, order.target, profile)
            return SETTINGS_FILE
        await asyncio.to_thread(writer.add_session, order.model, entry, order.append)
        return SESSIONS_FILE
    except ConfigError as error:
        # The click is not lost: the person can write the ids by hand.
        said = _NOT_WRITTEN(session_id=ids[0], message_id=ids[1], why=error.said or error.message)
        raise ConfigError(said) from error


def _browser(services: Services, click: Click) -> str | None:
    return next((tab.browser for tab in services.hub.tabs if tab.tab == click.tab), None)
