"""What the routes work with. Built once, in `cli/serve.py`, and handed down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from lmarena_bridge.answering import Answering
from lmarena_bridge.bridge import World
from lmarena_bridge.core.config.problem import Problem
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.server.access import LatestAccess
from lmarena_bridge.server.board.board import Board
from lmarena_bridge.server.capture import Capture
from lmarena_bridge.server.guard import Access
from lmarena_bridge.server.hub import TabHub
from lmarena_bridge.server.kept_responses import KeptResponses
from lmarena_bridge.server.pairing import Pairing
from lmarena_bridge.server.pictures import Pictures
from lmarena_bridge.server.site_models import SiteModels
from lmarena_bridge.server.tool_calling import ToolUses
from lmarena_bridge.server.uploaded_files import UploadedFiles
from lmarena_bridge.server.wire import App
from lmarena_bridge.storage.home import Home


class Configs(Protocol):
    """The configuration of this moment, and what is wrong with the files if anything is."""

    @property
    def problem(self) -> ConfigError | None: ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong or odd in the files, as of the last look."""
        ...

    @property
    def latest(self) -> Config: ...

    def current(self) -> Config: ...

    def recent(self) -> Config:
        """As `current`, at most a millisecond old."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running server. `script` is the userscript with its places still to be filled.

    `file_bed` takes POST /upload and hands out /uploads/NAME; where it belongs here, it is mounted.
    """

    home: Home
    answering: Answering
    hub: TabHub
    pictures: Pictures
    files: UploadedFiles
    capture: Capture
    configs: Configs
    health: SessionHealth
    site_models: SiteModels
    world: World
    version: str
    pairing: Pairing
    internal_token: str
    script: Callable[[], str]
    file_bed: App
    board: Board
    tool_uses: ToolUses = field(default_factory=ToolUses)
    responses: KeptResponses = field(default_factory=KeptResponses)
    accesses: LatestAccess = field(default_factory=LatestAccess)

    @property
    def secret(self) -> str:
        """The pairing secret that is in force."""
        return self.pairing.secret

    def access(self) -> Access:
        """Whom the settings of this moment let in."""
        settings = self.configs.recent().settings
        return self.accesses.of(settings, self.internal_token, self.board.passes.valid)
