"""config.jsonc: the settings of the start page and of what it keeps, declared once."""

from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config.checks import Flag, Whole
from lmarena_bridge.core.config.setting import setting
from lmarena_bridge.core.config.update_settings import UpdateSettings

_BOARD: Final = "What the start page keeps"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSettings(UpdateSettings):
    """The part of the settings that is about the history of requests."""

    record_requests: bool = setting(
        True,
        Flag(),
        section=_BOARD,
        about="""true: which model was asked when, how long it took and how it ended is kept in
            state/history.db, for the lists and charts of the start page. Not what was asked.""",
    )
    record_conversations: bool = setting(
        False,
        Flag(),
        section=_BOARD,
        about="""true: prompts and answers are kept as well, in the same file. Anybody who can read your files
            can then read them.""",
    )
    history_keep_days: int = setting(
        30, Whole(1, 36_500), section=_BOARD, about="How long all of that is kept."
    )
    history_max_mb: int = setting(
        100,
        Whole(1, 100_000),
        section=_BOARD,
        about="How large the file may become before the oldest requests are removed from it. In MB.",
    )
