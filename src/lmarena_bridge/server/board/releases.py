"""What is known of newer versions, and who looks for them: only when told where and whose, and quietly.

Without a network nothing is said; the next look comes by itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.releases.errors import NotReached, NotTrusted
from lmarena_bridge.core.releases.manifest import Release
from lmarena_bridge.core.releases.version import running

# What an address announces, signed with a key. Raises NotReached, NotTrusted.
Look = Callable[[str, str], Awaitable[Release]]

_EVERY: Final = 86_400.0
# After a look that reached nobody.
_AGAIN: Final = 3600.0
# How often it is seen whether it is time, or the settings have changed.
_TICK: Final = 2.0

State = Literal["no_source", "no_key", "unknown", "unreachable", "refused", "newest", "newer"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """`version`, `notes`: of the newer release; `command`: what installs it. `said`: why nothing is known.

    `looked`: seconds since 1970.
    """

    state: State
    version: str = ""
    notes: str = ""
    said: str = ""
    looked: float | None = None
    command: str = ""


class Releases:
    """What one server knows. `clock`: seconds since 1970; `steady`: never set back."""

    def __init__(
        self,
        look: Look,
        settings: Callable[[], Settings],
        *,
        version: str,
        command: str,
        clock: Callable[[], float],
        steady: Callable[[], float],
    ) -> None:
        """`version`: of this program. `command`: what installs a newer one."""
        self._look = look
        self._settings = settings
        self._version = running(version)
        self._command = command
        self._clock = clock
        self._steady = steady
        self._source = ("", "")
        self._news = News("unknown")
        self._next = steady()

    @property
    def news(self) -> News:
        """As far as it was looked at with the settings of this moment."""
        source = _source(self._settings())
        if not source[0]:
            return News("no_source")
        if not source[1]:
            return News("no_key")
        return self._news if source == self._source else News("unknown")

    async def look(self) -> News:
        """Look now, whether or not it is time. Asks nobody without address and key."""
        source = _source(self._settings())
        if all(source):
            found = await self._found(*source)
            self._tell(found)
            self._source, self._news = source, found
            self._next = self._steady() + (_AGAIN if found.state == "unreachable" else _EVERY)
        return self.news

    async def keep_looking(self) -> None:
        """Look again and again, until cancelled, if the settings say so."""
        while True:
            settings = self._settings()
            due = self._steady() >= self._next or _source(settings) != self._source
            if settings.enable_auto_update and due:
                await self.look()
            await asyncio.sleep(_TICK)

    async def _found(self, address: str, key: str) -> News:
        try:
            release = await self._look(address, key)
        except NotReached as error:
            return News("unreachable", said=error.message, looked=self._clock())
        except NotTrusted as error:
            return News("refused", said=error.message, looked=self._clock())
        if release.version <= self._version:
            return News("newest", looked=self._clock())
        return News("newer", str(release.version), release.notes, "", self._clock(), self._command)

    def _tell(self, found: News) -> None:
        """One line for what is new; none for a network that is not there."""
        if (found.state, found.version, found.said) == (
            self._news.state,
            self._news.version,
            self._news.said,
        ):
            return
        if found.state == "newer":
            _log.info("a newer version is there", version=found.version, install_with=found.command)
        elif found.state == "refused":
            _log.warning("what update_url announces is not believed", reason=found.said)


def _source(settings: Settings) -> tuple[str, str]:
    return settings.update_url, settings.update_public_key
