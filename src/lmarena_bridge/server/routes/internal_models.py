"""POST /internal/request_model_update and /internal/update_available_models: renew the list of models.

The first asks a tab for its page; the second takes a page as its body (`text/html`), as in earlier bridges.
Both answer `{models, types, first, new, gone, changed}`: counts, and what is different from the list before.
"""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from lmarena_bridge.core.errors import TooLarge
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.model_changes import differences
from lmarena_bridge.core.site.site_model import SiteModel
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.model_update import (
    MAX_PAGE_BYTES,
    ModelUpdate,
    update_from_page,
    update_from_tab,
)
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft


def internal_models_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.post("/request_model_update")
    async def request_model_update() -> JSONResponse:
        """Have a tab send its page, and keep the models it lists."""
        return JSONResponse(_said(await update_from_tab(services)))

    @router.post("/update_available_models")
    async def update_available_models(request: Request) -> JSONResponse:
        """Keep the models that this page of the site lists."""
        try:
            page = await read_body(request.receive, MAX_PAGE_BYTES)
        except TooLarge as error:
            raise TooLarge(
                f"This is larger than {MAX_PAGE_BYTES // 1024**2} MiB, and no page of the site."
            ) from error
        except ClientLeft:
            return JSONResponse({})  # nobody hears it
        return JSONResponse(_said(await update_from_page(services, page)))

    return router


def _said(update: ModelUpdate) -> dict[str, Any]:
    now, before = Catalogue(update.models), Catalogue(update.before or ())
    changes = update.changes
    return {
        "models": len(update.models),
        "types": Counter(model.kind for model in update.models),
        "first": update.before is None,
        "new": [_model(model, now) for model in changes.new],
        "gone": [_model(model, before) for model in changes.gone],
        "changed": [
            {**_model(after, now), "changes": differences(old, after)} for old, after in changes.changed
        ],
    }


def _model(model: SiteModel, catalogue: Catalogue) -> dict[str, str]:
    return {"id": model.id, "name": catalogue.name_of(model), "type": model.kind}
