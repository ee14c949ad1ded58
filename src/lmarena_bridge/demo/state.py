"""What one arena knows and remembers while it runs; owned by the app, handed to its parts."""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.journal import Journal
from lmarena_bridge.demo.login import Logins
from lmarena_bridge.demo.models import DemoModel
from lmarena_bridge.demo.pictures.gallery import Gallery

# As recorded 2025-11: `ratelimit: limit=3000, remaining=2987, reset=39`, `ratelimit-policy: 3000;w=300`.
_RATE_LIMIT = 3000
_RATE_WINDOW_SECONDS = 300
_IDS_REMEMBERED = 50_000


@dataclass(slots=True)
class ArenaState:
    """require_login, pace_ms, image_base: see `create_arena`."""

    require_login: bool
    pace_ms: float | None
    image_base: str | None
    journal: Journal = field(default_factory=Journal)
    gallery: Gallery = field(default_factory=Gallery)
    logins: Logins = field(default_factory=Logins)
    used_ids: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _misbehaved: Counter[str] = field(default_factory=Counter)
    _answers: int = 0

    def remember_ids(self, message_ids: Iterable[str]) -> None:
        """Sending the same message ids again can fail on the site (2026-02-18); here it always does."""
        self.used_ids.update(dict.fromkeys(message_ids))
        while len(self.used_ids) > _IDS_REMEMBERED:
            self.used_ids.popitem(last=False)

    def still_misbehaving(self, directives: Directives, question: str) -> bool:
        """Whether the directives of `question` count this time; `times=N` makes them count N times."""
        if "times" not in directives:
            return True
        self._misbehaved[question] += 1
        return self._misbehaved[question] <= directives.count("times", 1)

    def rate_headers(self, model: DemoModel) -> list[tuple[str, str]]:
        """What the site says about its limits with a good answer."""
        self._answers += 1
        remaining = max(0, _RATE_LIMIT - self._answers)
        reset = _RATE_WINDOW_SECONDS - int(time.time()) % _RATE_WINDOW_SECONDS
        return [
            ("ratelimit", f"limit={_RATE_LIMIT}, remaining={remaining}, reset={reset}"),
            ("ratelimit-policy", f"{_RATE_LIMIT};w={_RATE_WINDOW_SECONDS}"),
            ("ratelimit-modality", {"text": "chat"}.get(model.kind, model.kind)),
        ]
