"""config.jsonc: the settings of tool calling, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.attachment_settings import AttachmentSettings
from lmarena_bridge.core.config.checks import Choice, Texts, Whole
from lmarena_bridge.core.config.setting import setting

_TOOLS: Final = "Tool calling (emulated)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSettings(AttachmentSettings):
    """The part of the settings that is about the tools that programs offer."""

    tool_calling: Literal["auto", "on", "off"] = setting(
        "auto",
        Choice(("auto", "on", "off")),
        section=_TOOLS,
        about="""Whether the tools that a program offers are put into the prompt, and calls of them read from
            the answer. "auto": always for programs that cannot do without (the Responses and Messages APIs, a
            call that must be, a conversation with results in it); in chats as far as they take no more room
            than tool_prompt_bytes. "on": always and in full. "off": never; programs then get plain text. A
            key in api_key may have a tool_calling of its own, which goes before all of this.""",
    )
    tool_calling_on_for: tuple[str, ...] = setting(
        (), Texts(), section=_TOOLS, about='The models for which it is "on" whatever tool_calling says.'
    )
    tool_calling_off_for: tuple[str, ...] = setting(
        (), Texts(), section=_TOOLS, about='The models for which it is "off" whatever tool_calling says.'
    )
    tool_prompt_bytes: int = setting(
        16_000,
        Whole(0, 10_000_000),
        section=_TOOLS,
        about="""With "auto", how much room the tools of a chat may take in the prompt. Descriptions are
            shortened to fit; tools that do not fit even without them are left out, which the log and the
            header x-lmarena-bridge-tools of the answer say. In bytes.""",
    )
