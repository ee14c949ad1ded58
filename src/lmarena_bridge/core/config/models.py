"""models.json: which models there are, `"name": "id"`, `"name": "id:kind"` or `"name": "null:kind"`.

The format is that of earlier bridges. `null` for the id means: whatever model the captured session has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.config.checks import found
from lmarena_bridge.core.config.jsonc_tree import Document
from lmarena_bridge.core.config.problem import Report
from lmarena_bridge.core.sentences import Template

_NO_OBJECT: Final = Template(
    "models.no.object", 'the models must stand in one object {{"name": "id"}}, not in {found}'
)
_NO_MODEL: Final = Template(
    "models.no.model", 'the model "{name}" must be "id", "id:kind" or "null:kind", but is {found}'
)

# The site's word for models that just write is "chat".
_TEXT: Final = frozenset({"", "chat", "text"})


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model by its public name. `kind` is "text", or what the file says: "image", "search", …"""

    name: str
    id: str | None
    kind: str = "text"


def parse_models(document: Document, report: Report) -> Mapping[str, ModelEntry]:
    """The models in the order of the file. Entries that are wrong go to the report and are left out."""
    if not isinstance(document.value, dict):
        report.error((), _NO_OBJECT(found=found(document.value)))
        return {}
    models: dict[str, ModelEntry] = {}
    for name, value in document.value.items():
        entry = _entry(name, value)
        if entry is None:
            report.error((name,), _NO_MODEL(name=name, found=found(value)))
        else:
            models[name] = entry
    return MappingProxyType(models)


def _entry(name: str, value: object) -> ModelEntry | None:
    if value is None:
        return ModelEntry(name, None)
    if not isinstance(value, str) or not name.strip():
        return None
    model_id, _, kind = (part.strip() for part in value.partition(":"))
    if not model_id:
        return None
    kind = kind.lower()
    return ModelEntry(
        name,
        id=None if model_id.lower() == "null" else model_id,
        kind="text" if kind in _TEXT else kind,
    )
