"""What the files say at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Config:
    """All files together. A request is carried out to its end with the Config it began with."""

    settings: Settings = field(default_factory=Settings)
    models: Mapping[str, ModelEntry] = field(default_factory=lambda: MappingProxyType({}))
    sessions: Mapping[str, tuple[SessionEntry, ...]] = field(default_factory=lambda: MappingProxyType({}))
