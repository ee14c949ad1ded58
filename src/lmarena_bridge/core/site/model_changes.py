"""What is different between two lists of the site's models."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.site.site_model import SiteModel

# Ranks change every day, and nothing depends on them.
_TOLD: Final = ("name", "kind", "organization", "provider", "inputs")


@dataclass(frozen=True, slots=True)
class ModelChanges:
    """By id: a name that has another id now is one that is gone and one that is new."""

    new: tuple[SiteModel, ...]
    gone: tuple[SiteModel, ...]
    # (before, after)
    changed: tuple[tuple[SiteModel, SiteModel], ...]


def model_changes(before: Iterable[SiteModel], after: Iterable[SiteModel]) -> ModelChanges:
    """In the order of the lists."""
    old = {model.id: model for model in before}
    now = {model.id: model for model in after}
    return ModelChanges(
        new=tuple(model for key, model in now.items() if key not in old),
        gone=tuple(model for key, model in old.items() if key not in now),
        changed=tuple((old[key], model) for key, model in now.items() if key in old and old[key] != model),
    )


def differences(before: SiteModel, after: SiteModel) -> tuple[str, ...]:
    """What of a model is different, for people: `type text → image`."""
    words = {"kind": "type"}
    pairs = ((words.get(each, each), getattr(before, each), getattr(after, each)) for each in _TOLD)
    return tuple(f"{word} {_shown(old)} → {_shown(new)}" for word, old, new in pairs if old != new)


def _shown(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else "+".join(value)
    return text or "none"
