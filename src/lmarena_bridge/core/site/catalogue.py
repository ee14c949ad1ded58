"""The site's models under names of which each stands for one model.

The site gives one public name to several ids, as text-to-video and image-to-video of the same maker
(site-protocol.md 8). A file that maps names to ids needs a name for each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from lmarena_bridge.core.errors import UnknownModel
from lmarena_bridge.core.site.site_model import SiteModel

_SHORTEST_TAIL: Final = 4

# What may tell models of one name apart, the most telling first.
_TRAITS: Final[tuple[Callable[[SiteModel], str], ...]] = (
    lambda model: model.kind,
    lambda model: "-".join(model.inputs),
    lambda model: model.organization,
)


class Catalogue:
    """All models of the site."""

    def __init__(self, models: Sequence[SiteModel]) -> None:
        self.models = tuple(models)
        self._names = _names(self.models)
        self._ids = {name: model_id for model_id, name in self._names.items()}
        self._by_id = {model.id: model for model in self.models}

    def __contains__(self, model_id: object) -> bool:
        return model_id in self._by_id

    def name_of(self, model: SiteModel) -> str:
        """The public name, with a suffix if several models have it."""
        return self._names[model.id]

    def named(self, wanted: str) -> tuple[SiteModel, ...]:
        """The model of this id or name; several if they share it. Raises UnknownModel with the nearest."""
        wanted = wanted.strip()
        if wanted in self._by_id:
            return (self._by_id[wanted],)
        for same in (str, str.casefold):
            known = [model for model in self.models if same(self._names[model.id]) == same(wanted)]
            known = known or [model for model in self.models if same(model.name) == same(wanted)]
            if known:
                return tuple(known)
        raise UnknownModel(self._unknown(wanted), param="model")

    def _unknown(self, wanted: str) -> str:
        near = self._near(wanted)
        nearest = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        return f"The site has no model {wanted[:100]!r}.{nearest} All of them: lmarena-bridge models list"

    def _near(self, wanted: str) -> list[str]:
        """Those that begin with or contain what was typed come before those that only look like it."""
        typed = wanted.casefold()
        folded = {name.casefold(): name for name in self._ids}
        containing = sorted((name.index(typed), len(name), name) for name in folded if typed in name)
        names = [name for _, _, name in containing[:3]] if len(typed) > 1 else []
        names += get_close_matches(typed, folded, n=3, cutoff=0.6)
        return [folded[name] for name in dict.fromkeys(names)][:3]


def _names(models: Iterable[SiteModel]) -> dict[str, str]:
    """A name for each id: the public one, or one made of it."""
    groups: dict[str, list[SiteModel]] = {}
    for model in models:
        groups.setdefault(model.name, []).append(model)
    names = {group[0].id: name for name, group in groups.items() if len(group) == 1}
    taken = set(groups)
    for name, group in groups.items():
        if len(group) > 1:
            made = _apart(name, group, taken)
            names |= made
            taken |= set(made.values())
    return {model_id: names[model_id] for group in groups.values() for model_id in (m.id for m in group)}


def _apart(name: str, group: Sequence[SiteModel], taken: set[str]) -> dict[str, str]:
    """Names for models of one public name, none of them taken."""
    for suffixes in _suffixes(group):
        names = {model.id: f"{name}-{suffix}" for model, suffix in zip(group, suffixes, strict=True)}
        if len(set(names.values())) == len(group) and all(suffixes) and taken.isdisjoint(names.values()):
            return names
    return {model.id: model.id for model in group}


def _suffixes(group: Sequence[SiteModel]) -> Iterator[list[str]]:
    """What may tell them apart: what they are, else ever longer ends of their ids."""
    for trait in _TRAITS:
        yield [trait(model) for model in group]
    for length in range(_SHORTEST_TAIL, max(len(model.id) for model in group) + 1):
        yield [model.id[-length:] for model in group]
