"""Whether the tools of a request are used, by the settings; and how everybody hears of tools left out."""

from dataclasses import dataclass
from typing import Final

import structlog

from lmarena_bridge.core.chat.calling.choice import Policy, ToolCalling, decided
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.sentences import Sentence, Template
from lmarena_bridge.server.wire import Header

_OFF: Final = Template("tools.off", "tool_calling is off for this model or key")
_TOO_LARGE: Final = Template(
    "tools.too.large", "they take more room than tool_prompt_bytes; tool_calling on lets them in"
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Tools that a request went without. `reason` names the setting that would let them in."""

    model: str
    tools: int
    reason: Sentence


class ToolUses:
    """Decides for all dialects, and remembers what was left out last."""

    def __init__(self) -> None:
        self.left_out: LeftOut | None = None

    def settled(
        self, request: ChatRequest, settings: Settings, key: ApiKey | None, *, agent: bool = False
    ) -> tuple[ChatRequest, tuple[Header, ...]]:
        """The request as it is to be answered, and headers for the answer. Raises InvalidRequest.

        `agent`: it came by an API that only programs use which cannot do without tools.
        """
        if request.tools is None:
            return request, ()
        calling = calling_for(request.model, settings, key)
        limits = settings.tool_prompt_bytes, settings.site_max_body_bytes
        decision = decided(request, Policy(calling, *limits, agent=agent))
        if not decision.left_out:
            return decision.request, ()
        self.left_out = LeftOut(request.model, decision.left_out, _reason(calling))
        _log.info(
            "tools left out", model=request.model, tools=decision.left_out, reason=str(self.left_out.reason)
        )
        told = f"left out: {decision.left_out}; {self.left_out.reason}"
        return decision.request, ((b"x-lmarena-bridge-tools", told.encode("ascii")),)


def calling_for(model: str, settings: Settings, key: ApiKey | None) -> ToolCalling:
    """What holds for this model and key: the key's own word, the lists of models, the general one."""
    if key is not None and key.tool_calling is not None:
        return key.tool_calling
    if model in settings.tool_calling_off_for:
        return "off"
    return "on" if model in settings.tool_calling_on_for else settings.tool_calling


def _reason(calling: ToolCalling) -> Sentence:
    return _OFF() if calling == "off" else _TOO_LARGE()
