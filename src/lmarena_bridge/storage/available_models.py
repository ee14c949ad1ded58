"""available_models.json: the site's own objects of its models, as the last look at the site found them.

A list, as in earlier bridges. The program writes it and people read it, so it is laid out for them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.home import Home

AVAILABLE_FILE: Final = "available_models.json"

_NOT_WRITTEN: Final = Template(
    "available.not.written",
    "{path} was not changed, it cannot be written ({why}): see to its permissions and to the space on "
    "the disk",
)
_UNREADABLE: Final = Template("available.unreadable", "{path} cannot be read ({why})")
_DAMAGED: Final = Template(
    "available.damaged", "{path} is damaged: have it written anew with lmarena-bridge models update"
)
_NO_LIST: Final = Template(
    "available.no.list",
    "{path} holds no list of models: have it written anew with lmarena-bridge models update",
)


def available_models_path(home: Home) -> Path:
    return home.path / AVAILABLE_FILE


def write_available_models(home: Home, objects: Sequence[Mapping[str, Any]]) -> None:
    """Replace the list, whole or not at all. Raises ConfigError if the file cannot be written."""
    path = available_models_path(home)
    text = json.dumps([dict(each) for each in objects], ensure_ascii=False, indent=4) + "\n"
    try:
        # Half a character is no UTF-8; the site has none, and a name that had one should not stop the rest.
        atomic.write(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise ConfigError(_NOT_WRITTEN(path=str(path), why=error.strerror or str(error))) from error


def read_available_models(home: Home) -> list[Any] | None:
    """The objects of the last look, or None if there was none yet. Raises ConfigError if it is damaged."""
    path = available_models_path(home)
    try:
        objects = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(_UNREADABLE(path=str(path), why=error.strerror or str(error))) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(_DAMAGED(path=str(path))) from error
    if not isinstance(objects, list):
        raise ConfigError(_NO_LIST(path=str(path)))
    return objects
