"""Which of the site's models can be taken into models.json, and what becomes of the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.site_model import SiteModel


@dataclass(slots=True)
class Additions:
    """What to do with each chosen model.

    `new` and `renewed`: names with what models.json will say of them; a name is renewed when the id it had is
    gone from the site. `known`: names under which a model is there already. `taken`: names that stand for
    something else, which stays.
    """

    new: dict[str, str] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def plan_additions(
    chosen: Iterable[SiteModel], catalogue: Catalogue, mapped: Mapping[str, ModelEntry]
) -> Additions:
    """Nothing that a person has set up is ever replaced while it works."""
    plan = Additions()
    names = {entry.id: name for name, entry in mapped.items() if entry.id is not None}
    for model in chosen:
        name = catalogue.name_of(model)
        entry = mapped.get(name)
        if model.id in names:
            plan.known.append(names[model.id])
        elif entry is None:
            plan.new[name] = model.mapped
        elif entry.id is None or entry.id in catalogue:
            plan.taken.append(name)
        else:
            plan.renewed[name] = model.mapped
    return plan
