"""The models that a page of the site lists."""

import json
from collections.abc import Iterator
from typing import Final

from lmarena_bridge.core.errors import SiteError, SiteRefused
from lmarena_bridge.core.site.flight import flight_rows
from lmarena_bridge.core.site.human_check import human_check, wants_person
from lmarena_bridge.core.site.model_objects import LISTS, model_objects
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES
from lmarena_bridge.core.site.said import Said
from lmarena_bridge.core.site.site_model import SiteModel, site_models

# A page that lists the models, whichever one the tab shows (site-protocol.md 8).
MODELS_PAGE: Final = "/?mode=direct"


def models_of_page(page: str) -> tuple[SiteModel, ...]:
    """The models in the order of the page, each id once; two ids of one name are two models.

    `page`: HTML, or the body of a `text/x-component` answer. Raises HumanCheckRequired if the page is a
    check, SiteRefused if it lists no models.
    """
    found = model_objects(flight_rows(page))
    for name in LISTS:
        models = site_models(_values(found[name]))
        if models:
            return models
    raise _nothing_found(page)


def _values(texts: list[str]) -> Iterator[object]:
    for text in texts:
        try:
            yield json.loads(text)
        except (ValueError, RecursionError):
            continue


def _nothing_found(page: str) -> SiteError:
    if wants_person(200, {}, page[:MAX_REFUSAL_BYTES], Said("", "page")):
        return human_check()
    return SiteRefused(
        "The page in the tab has no model list. Open the site's start page (https://lmarena.ai/) in the tab "
        "and try again: lmarena-bridge models update",
        code="no_model_list",
    )
