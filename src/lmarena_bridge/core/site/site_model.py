"""A model as the site lists it (site-protocol.md 8, form of 2025-07 to 2026-07)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lmarena_bridge.core.site.halves import whole

# UUIDs so far. A colon would end the id in models.json.
_ID: Final = re.compile(r"[\w.-]{1,100}", re.ASCII)
# What a model gives decides how it is asked; all others just write.
_KINDS: Final = ("image", "search", "video")


@dataclass(frozen=True, slots=True)
class SiteModel:
    """`name`: its public name, which other ids may have too. `kind`: "text", "image", "search" or "video".

    `organization` and `provider` are "" for models that hide them. `inputs`: what it takes ("text", "image").
    `raw` is the site's own object, with all it says today; two models are compared without it.
    """

    id: str
    name: str
    kind: str
    organization: str
    provider: str
    inputs: tuple[str, ...]
    raw: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def mapped(self) -> str:
        """How models.json says it: `id` or `id:kind`."""
        return self.id if self.kind == "text" else f"{self.id}:{self.kind}"


def site_models(objects: Iterable[object]) -> tuple[SiteModel, ...]:
    """The models among the site's objects, each id once."""
    models: dict[str, SiteModel] = {}
    for value in objects:
        model = _site_model(value)
        if model is not None:
            models.setdefault(model.id, model)
    return tuple(models.values())


def _site_model(value: Any) -> SiteModel | None:
    match value:
        case {"id": str(model_id), "publicName": str(name)} if _ID.fullmatch(model_id) and name.strip():
            takes, gives = _capabilities(value, "input"), _capabilities(value, "output")
            return SiteModel(
                id=model_id,
                name=_text(name).strip(),
                kind=next((kind for kind in _KINDS if kind in gives), "text"),
                organization=_text(value.get("organization")),
                provider=_text(value.get("provider")),
                inputs=takes,
                raw=value,
            )
        case _:
            return None


def _capabilities(value: Mapping[str, object], side: str) -> tuple[str, ...]:
    """What is said with `true` or with an object of details."""
    match value:
        case {"capabilities": {**sides}}:
            found = sides.get(f"{side}Capabilities")
        case _:
            found = None
    if not isinstance(found, dict):
        return ()
    return tuple(str(name) for name, said in found.items() if said is not None and said is not False)


def _text(value: object) -> str:
    return whole(value) if isinstance(value, str) else ""
