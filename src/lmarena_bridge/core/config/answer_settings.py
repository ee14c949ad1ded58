"""config.jsonc: the settings of how answers read, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.checks import Choice, Flag
from lmarena_bridge.core.config.setting import setting
from lmarena_bridge.core.config.tool_settings import ToolSettings

_ANSWERS: Final = "How answers read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSettings(ToolSettings):
    """The part of the settings that is about answers."""

    reasoning_output_mode: Literal["reasoning_content", "openai", "think_tag", "off"] = setting(
        "reasoning_content",
        Choice(("reasoning_content", "openai", "think_tag", "off")),
        section=_ANSWERS,
        about="""Where clients of chat completions get what a model thinks. "reasoning_content": in the field
            of that name ("openai", the word of earlier bridges, says the same). "think_tag": in the text,
            between <think> and </think>. "off": nowhere.""",
    )
    strip_reasoning_from_history: bool = setting(
        False,
        Flag(),
        section=_ANSWERS,
        about="""true: the blocks between <think> and </think> that clients send back within earlier answers
            are left out of what the model gets.""",
    )
    sources_in_text: bool = setting(
        True,
        Flag(),
        section=_ANSWERS,
        about="""The sources of search models stand as a list at the end of the text. false: clients get them
            as annotations only.""",
    )
