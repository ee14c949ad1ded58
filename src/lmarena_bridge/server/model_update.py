"""The site's models: read from a tab, compared with what is known, kept in available_models.json."""

import asyncio
from dataclasses import dataclass

import structlog

from lmarena_bridge.core.errors import ConfigError, HumanCheckRequired, SiteRefused
from lmarena_bridge.core.site.model_changes import ModelChanges, model_changes
from lmarena_bridge.core.site.page import MODELS_PAGE, models_of_page
from lmarena_bridge.core.site.refusal import REPORT_HEADERS, refusal
from lmarena_bridge.core.site.site_model import SiteModel, site_models
from lmarena_bridge.core.tabs.effects import Arrived, FetchJob, Job, Opened, PageJob
from lmarena_bridge.server.services import Services
from lmarena_bridge.storage.available_models import read_available_models, write_available_models
from lmarena_bridge.storage.home import Home

# The site's pages have one or two. What is bigger than this is none of them.
MAX_PAGE_BYTES = 64 * 1024 * 1024

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ModelUpdate:
    """The models now and before; `before` is None if there was no list."""

    before: tuple[SiteModel, ...] | None
    models: tuple[SiteModel, ...]

    @property
    def changes(self) -> ModelChanges:
        return model_changes(self.before or (), self.models)


async def update_from_tab(services: Services) -> ModelUpdate:
    """Ask a tab for the page it shows; if that lists no models, for one that does. Raises BridgeError."""
    try:
        models = await _models(services, PageJob(services.world.new_id()))
    except SiteRefused as no_list:
        _log.info("the page in the tab lists no models", asks_for=MODELS_PAGE, reason=no_list.code)
        models = await _models(services, _fetch(services.world.new_id()))
    return _keep(services.home, models)


async def update_from_page(services: Services, page: bytes | bytearray) -> ModelUpdate:
    """Take the models of a page that somebody sent. Raises BridgeError."""
    return _keep(services.home, await _read(page))


def _fetch(job: str) -> FetchJob:
    return FetchJob(job, "GET", MODELS_PAGE, {"accept": "text/html"}, REPORT_HEADERS, b"")


async def _models(services: Services, job: Job) -> tuple[SiteModel, ...]:
    """The models on a tab's page; a tab in which the site wants to see a person gets no more work."""
    opened, body = await _page(services, job)
    try:
        if not 200 <= opened.status <= 299:
            raise refusal(opened.status, opened.headers, bytes(body), now=services.world.clock())
        return await _read(body)
    except HumanCheckRequired as error:
        services.hub.needs_attention(opened.tab, error.message)
        raise


async def _page(services: Services, job: Job) -> tuple[Opened, bytearray]:
    body = bytearray()
    opened = Opened(0, {}, "", "")
    with services.hub.run(job) as deliveries:
        async for delivery in deliveries:
            match delivery:
                case Opened():
                    opened = delivery
                case Arrived(payload):
                    body += payload
                    if len(body) > MAX_PAGE_BYTES:
                        raise SiteRefused(
                            f"The page in the tab is larger than {MAX_PAGE_BYTES // 1024**2} MiB. Open the "
                            "site's start page in the tab and try again.",
                            code="page_too_large",
                        )
                case _:
                    continue
    return opened, body


async def _read(page: bytes | bytearray) -> tuple[SiteModel, ...]:
    # In a thread: for as long as it takes, chats must go on.
    return await asyncio.to_thread(models_of_page, page.decode("utf-8", "replace"))


def _keep(home: Home, models: tuple[SiteModel, ...]) -> ModelUpdate:
    """Not interrupted by another update: there is nothing to wait for in between."""
    try:
        known = read_available_models(home)
    except ConfigError as error:
        _log.warning("the models known so far are lost", reason=error.message)
        known = None
    before = None if known is None else site_models(known)
    write_available_models(home, [model.raw for model in models])
    _log.info("the site's models", count=len(models), before=None if before is None else len(before))
    return ModelUpdate(before, models)
