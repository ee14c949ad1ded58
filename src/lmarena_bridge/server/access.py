"""Whom the settings of this moment let in: made anew when they change, not for each request."""

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.server.guard import Access


class LatestAccess:
    """The Access of the settings seen last."""

    def __init__(self) -> None:
        self._made: Access | None = None
        self._settings: Settings | None = None

    def of(self, settings: Settings, internal_token: str, passes: tuple[str, ...]) -> Access:
        """`passes`: those that the start page's own chat may send now."""
        made = self._made
        if made is None or settings is not self._settings or passes != made.passes:
            made = self._made = _access(settings, internal_token, passes)
            self._settings = settings
        return made


def _access(settings: Settings, internal_token: str, passes: tuple[str, ...]) -> Access:
    return Access(
        api_keys=settings.api_keys,
        internal_token=internal_token,
        passes=passes,
        allowed_hosts=tuple(settings.allowed_hosts),
        allowed_origins=tuple(settings.allowed_origins),
        pages_for_other_computers=settings.pages_for_other_computers,
        max_body_bytes=settings.max_body_bytes,
    )
