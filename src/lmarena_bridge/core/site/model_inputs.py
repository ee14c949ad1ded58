"""What models take besides text, as far as the site's own list of them says (`inputCapabilities`).

The list is honest about what it knows of: while it names a kind of file for no model at all, it says nothing
about files of that kind (PDF and audio went through in 2025-07 although no model named them,
site-protocol.md 5.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.core.site.site_model import SiteModel

_FILES: Final = frozenset({"file", "files", "document"})


@dataclass(frozen=True, slots=True)
class ModelInputs:
    """By the id of a model. `words`: all that any model takes."""

    by_id: Mapping[str, frozenset[str]]
    words: frozenset[str]

    def takes(self, model_id: str | None, content_type: str) -> bool:
        """False only if it is known that the model does not."""
        wanted = _words_for(content_type)
        own = self.by_id.get(model_id or "")
        return not own or not wanted & self.words or bool(wanted & own)


NOTHING_KNOWN: Final = ModelInputs(MappingProxyType({}), frozenset())


def model_inputs(models: Iterable[SiteModel]) -> ModelInputs:
    """What the site's list says."""
    by_id = {model.id: frozenset(model.inputs) for model in models}
    return ModelInputs(by_id, frozenset().union(*by_id.values()))


def check_inputs(model: str, model_id: str | None, files: Iterable[Attachment], inputs: ModelInputs) -> None:
    """Refuse what would only get an empty answer. Raises InvalidRequest, naming the file."""
    for file in files:
        if not inputs.takes(model_id, file.content_type):
            raise InvalidRequest(
                f"The model {model!r} does not take {_kind(file)}: LMArena lists it as taking only "
                f"{', '.join(sorted(inputs.by_id[model_id or '']))}. Leave {file.name!r} "
                f"({file.content_type}) out, or ask a model that takes it.",
                param="messages",
            )


def _words_for(content_type: str) -> frozenset[str]:
    kind = content_type.partition("/")[0]
    if kind in ("image", "audio", "video"):
        return frozenset({kind})
    if content_type == "application/pdf":
        return _FILES | {"pdf"}
    # A text is text, whether it comes in the message or as a file.
    return _FILES | {"text"} if kind == "text" else _FILES


def _kind(file: Attachment) -> str:
    kind = file.content_type.partition("/")[0]
    return {"image": "images", "audio": "audio", "video": "video"}.get(kind, "files of this kind")
