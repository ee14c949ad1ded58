"""What is found out about one link of the chain."""

from dataclasses import dataclass
from typing import Literal

from lmarena_bridge.core.sentences import Sentence

State = Literal["ok", "warning", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One link of the chain. `advice`: what to do about it; None when nothing."""

    link: Sentence
    state: State
    said: Sentence
    advice: Sentence | None = None
