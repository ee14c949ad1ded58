"""What the files of a home say about models, for the commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config.files import read_models, read_sessions
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import config_error
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.site_model import site_models
from lmarena_bridge.storage.available_models import AVAILABLE_FILE, read_available_models
from lmarena_bridge.storage.home import Home

GONE_ADVICE: Final = (
    "  to renew one that has a new id:  lmarena-bridge models add NAME\n"
    "  to take one out:                 lmarena-bridge models remove NAME"
)


@dataclass(frozen=True, slots=True)
class KnownModels:
    """`site` is empty, and `looked` false, as long as nobody has looked at the site."""

    site: Catalogue
    looked: bool
    mapped: Mapping[str, ModelEntry]

    def gone(self) -> tuple[ModelEntry, ...]:
        """Models of the person whose ids the site does not have any more."""
        return tuple(entry for entry in self.mapped.values() if self.on_site(entry) is False)

    def on_site(self, entry: ModelEntry) -> bool | None:
        """None where nobody can know: an entry without an id is whatever its session has."""
        return entry.id in self.site if self.looked and entry.id is not None else None


def read_known(home: Home) -> KnownModels:
    """Raises ConfigError if a file is broken."""
    objects = read_available_models(home)
    return KnownModels(Catalogue(site_models(objects or ())), objects is not None, _mapped(home))


def read_site(home: Home) -> KnownModels:
    """The same, but raises ConfigError with what to do also if nobody has looked at the site yet."""
    known = read_known(home)
    if not known.looked:
        raise ConfigError(
            f"Which models LMArena has is not known yet ({AVAILABLE_FILE} is missing). With the bridge "
            "running and the site open in a tab: lmarena-bridge models update"
        )
    return known


def _mapped(home: Home) -> Mapping[str, ModelEntry]:
    try:
        reading = read_models(home.models.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{home.models} cannot be read ({error.strerror or error})") from error
    if (problem := config_error(reading.problems)) is not None:
        raise problem
    return reading.value or {}


def with_sessions(home: Home) -> frozenset[str]:
    """The models that have sessions of their own, as far as that file can be read."""
    try:
        return frozenset(read_sessions(home.sessions.read_bytes()).value or ())
    except OSError:
        return frozenset()
