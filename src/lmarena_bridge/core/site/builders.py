"""The builders by the names that the setting `request_builder` knows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.request import Builder
from lmarena_bridge.core.site.retry import build_retry

BUILDERS: Final[Mapping[str, Builder]] = MappingProxyType({"retry": build_retry})


def builder_for(settings: Settings) -> Builder:
    """Whoever makes site requests in the shape that the settings ask for."""
    return BUILDERS[settings.request_builder]
