"""What the files of a home say about models, for the commands."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from lmarena_bridge.core.config.files import read_models
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import config_error
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.site_model import site_models
from lmarena_bridge.storage.available_models import AVAILABLE_FILE, read_available_models
from lmarena_bridge.storage.home import Home


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
    if reading.value is None:
        raise config_error(reading.problems) or ConfigError(f"{home.models.name} cannot be used")
    return reading.value


def shown(text: str) -> str:
    """A text of the site or of a file, without what a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\u200d" else "\ufffd" for each in text)


def terminal() -> Console:
    """Standard output, for people."""
    return Console(highlight=False, soft_wrap=True)


def is_terminal() -> bool:
    """Whether a person sits at both ends and can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
