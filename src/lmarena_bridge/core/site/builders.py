"""The builders by the names that the setting `request_builder` knows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.request import Builder, BuilderFor
from lmarena_bridge.core.site.retry import retry_builder
from lmarena_bridge.core.site.target import Target

BUILDERS: Final[Mapping[str, BuilderFor]] = MappingProxyType({"retry": retry_builder})


def builder_for(target: Target, settings: Settings) -> Builder:
    """Whoever builds the requests to this target in the shape that the settings ask for."""
    return BUILDERS[settings.request_builder](target, settings)
