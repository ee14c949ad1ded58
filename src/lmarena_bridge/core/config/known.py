"""The models a client may ask for: those of models.json, and those that only have sessions of their own."""

from collections.abc import Sequence
from difflib import get_close_matches

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import UnknownModel


def known_models(config: Config) -> tuple[ModelEntry, ...]:
    """In the order of the files. A model that only has sessions answers with whatever they answer with."""
    unlisted = (name for name in config.sessions if name not in config.models)
    return (*config.models.values(), *(ModelEntry(name, None, "text") for name in unlisted))


def model_named(name: str, config: Config) -> ModelEntry:
    """The model of this name. Raises UnknownModel."""
    if (listed := config.models.get(name)) is not None:
        return listed
    if name in config.sessions:
        return ModelEntry(name, None, "text")
    raise UnknownModel(_unknown(name, [each.name for each in known_models(config)]), param="model")


def kind_of(name: str, config: Config) -> str:
    """The kind of the model of this name, "" if it is not known."""
    if (listed := config.models.get(name)) is not None:
        return listed.kind
    return "text" if name in config.sessions else ""


def _unknown(name: str, known: Sequence[str]) -> str:
    said = f"There is no model {name[:100]!r}"
    if not known:
        return (
            f'{said}: none is set up yet. Add it to models.json, like "{name[:100]}": "its id on the site".'
        )
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    nearest = f" Did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
    return f"{said}.{nearest} GET /v1/models lists all of them; models.json is where they are set up."
