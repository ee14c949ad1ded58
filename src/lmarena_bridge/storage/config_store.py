"""The configuration in force: read again when a file changes, kept when a file breaks."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config import problem as problems
from lmarena_bridge.core.config.binding import refuse_open_binding
from lmarena_bridge.core.config.files import Reading, read_models, read_sessions, read_settings
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import Problem
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.watched_file import WatchedFile, are_proven

# Nobody can save a file and ask in less.
_MOMENT_SECONDS: Final = 0.001


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """What a look at the files brought. `problem` says why some of it is not what the files say."""

    files: tuple[str, ...]
    before: Config
    config: Config
    problem: ConfigError | None
    warnings: tuple[Problem, ...]


class ConfigStore:
    """Owns the current Config.

    Each file stands for itself: while one is broken or gone, what it last said stays in force, and the
    others are still followed. So a protection that was set never drops because of a typing error.
    `on_change` is called once for each change, good or bad, from within `current()`.
    """

    def __init__(
        self,
        home: Home,
        on_change: Callable[[ConfigChange], None] | None = None,
        *,
        host: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read all files. A file that is missing says nothing.

        `host` is where the server will listen, if not at the `host` of config.jsonc. Raises ConfigError if a
        file is broken, or if listening there needs a key that is not set.
        """
        self._listening = host
        self._clock = clock
        self._looked_at = clock()
        self._settings = WatchedFile(home.settings, self._read_settings, Settings())
        self._models: WatchedFile[Mapping[str, ModelEntry]] = WatchedFile(home.models, read_models, {})
        self._sessions: WatchedFile[Mapping[str, tuple[SessionEntry, ...]]] = WatchedFile(
            home.sessions, read_sessions, {}
        )
        self._files = (self._settings, self._models, self._sessions)
        self._on_change = on_change
        for file in self._files:
            file.look()
        if (problem := self.problem) is not None:
            raise problem
        # The Config as of the last look: for those behind somebody who has just looked. No property, for a
        # request asks seven times.
        self.latest = self._snapshot()
        settings = self.latest.settings
        refuse_open_binding(host or settings.host, settings.api_keys)
        # The server stays where it is until it is restarted, whatever the file says later.
        self._listening = host or settings.host

    @property
    def problem(self) -> ConfigError | None:
        """Why some file is not in force as it stands, as of the last look."""
        return problems.config_error(each for file in self._files for each in file.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong or odd in the files, as of the last look."""
        return tuple(each for file in self._files for each in file.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is odd in the files without being wrong."""
        return problems.warnings(each for file in self._files for each in file.problems)

    def recent(self) -> Config:
        """The Config of a millisecond ago or of now: of the requests of one moment, the first looks for all.

        A look takes 8 µs, of a request's 200.
        """
        if self._clock() - self._looked_at < _MOMENT_SECONDS:
            return self.latest
        return self.current()

    def current(self) -> Config:
        """The Config in force now. Costs three stat calls while nothing changes. Raises nothing."""
        self._looked_at = self._clock()
        if are_proven(self._files):
            return self.latest
        changed: tuple[str, ...] = ()
        for file in self._files:
            if file.look():
                changed += (file.path.name,)
        if changed:
            before, self.latest = self.latest, self._snapshot()
            if self._on_change is not None:
                self._on_change(ConfigChange(changed, before, self.latest, self.problem, self.warnings))
        return self.latest

    def _read_settings(self, data: bytes) -> Reading[Settings]:
        return read_settings(data, listening=self._listening)

    def _snapshot(self) -> Config:
        return Config(self._settings.value, self._models.value, self._sessions.value)
