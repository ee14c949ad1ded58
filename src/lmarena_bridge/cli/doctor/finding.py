"""What is found out about one link of the chain."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One link of the chain. `advice`: what to do about it; "" when nothing."""

    link: str
    state: State
    said: str
    advice: str = ""
