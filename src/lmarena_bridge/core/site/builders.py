"""The builders by the names that the setting `request_builder` knows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.request import Builder, Moment, SiteRequest
from lmarena_bridge.core.site.retry import build_retry
from lmarena_bridge.core.site.target import Target

BUILDERS: Final[Mapping[str, Builder]] = MappingProxyType({"retry": build_retry})


def build(request: ChatRequest, target: Target, settings: Settings, moment: Moment) -> SiteRequest:
    """The site request for this conversation, in the shape that the settings ask for."""
    return BUILDERS[settings.request_builder](request, target, settings, moment)
