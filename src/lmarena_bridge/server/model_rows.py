"""The models of the site and those of models.json as one list, for people to look at."""

from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.site.site_model import SiteModel
from lmarena_bridge.server.known_models import KnownModels

_ORDER: Final = ("text", "search", "image", "video")


@dataclass(frozen=True, slots=True)
class Row:
    """A model of the site, of models.json, or of both. `on_site` is None where nobody can know.

    `name`: by which `models add` takes it. `mapped_as`: its names in models.json.
    """

    name: str
    id: str | None
    type: str
    organization: str
    inputs: tuple[str, ...]
    mapped_as: tuple[str, ...]
    on_site: bool | None


def rows_of(known: KnownModels) -> list[Row]:
    """All models, by type and name."""
    rows = [_site_row(known, model) for model in known.site.models]
    listed = {name for row in rows for name in row.mapped_as}
    unlisted = (entry for entry in known.mapped.values() if entry.name not in listed)
    rows += [
        Row(each.name, each.id, each.kind, "", (), (each.name,), known.on_site(each)) for each in unlisted
    ]
    return sorted(rows, key=_place)


def _site_row(known: KnownModels, model: SiteModel) -> Row:
    name = known.site.name_of(model)
    entries = known.mapped.values()
    mapped_as = tuple(
        entry.name for entry in entries if entry.id == model.id or (entry.id is None and entry.name == name)
    )
    return Row(name, model.id, model.kind, model.organization, model.inputs, mapped_as, True)


def _place(row: Row) -> tuple[int, str, str]:
    place = _ORDER.index(row.type) if row.type in _ORDER else len(_ORDER)
    return place, row.type, row.name.casefold()
