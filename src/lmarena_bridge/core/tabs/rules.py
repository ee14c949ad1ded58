"""How long and how many: the figures the ledger decides by. Times are seconds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rules:
    """One moment's figures; a new value takes their place when the person changes a setting."""

    tab_policy: Literal["all", "latest"] = "all"
    jobs_per_tab: int = 20
    queue_limit: int = 100
    # Of one client; 0: as many as there is room for.
    jobs_per_client: int = 0
    queue_limit_per_client: int = 0
    queue_timeout: float = 60.0
    # A tab that is just being opened or reloaded is back within this time.
    tab_wait: float = 5.0
    resume_grace: float = 20.0
    # Silence of the site or the tab in the middle of an answer.
    answer_timeout: float = 360.0
    # How often a job that has nothing to say is reported as still waiting; clients give up without a
    # sign of life (clients.md 0.5: NextChat after 60 s, undici after 300 s).
    quiet: float = 10.0
    hello_within: float = 5.0
    ping_every: float = 5.0
    # Frozen pages answer transport pings but no messages (browser.md 3), so silence is what counts.
    silence: float = 15.0
    # Bytes a tab may send ahead of what the client has taken.
    window: int = 1024 * 1024
    # Scripts older than this speak another protocol.
    oldest_script: tuple[int, ...] = (0, 1)
