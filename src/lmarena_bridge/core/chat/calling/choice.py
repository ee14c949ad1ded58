"""Whether a request's tools are put into its prompt: what the person has set, and what the client wants."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.history import has_results
from lmarena_bridge.core.chat.calling.prompt import least_room, most_room
from lmarena_bridge.core.chat.request import ChatRequest, ToolUse
from lmarena_bridge.core.errors import InvalidRequest, TooLarge

ToolCalling = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one request.

    `limit`: how many bytes the site takes in one request. `room`: how many bytes the tools of a chat may take
    in the prompt with "auto". `agent`: the request came by an API that only programs use which cannot do
    without tools.
    """

    calling: ToolCalling
    room: int
    limit: int
    agent: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The request as it is carried out, with its tools or without; `left_out`: how many tools it has lost."""

    request: ChatRequest
    left_out: int = 0


def decided(request: ChatRequest, policy: Policy) -> Decision:
    """Raises InvalidRequest for a call that must be and must not, TooLarge for tools that fit nowhere."""
    use = request.tools
    if use is None:
        return Decision(request)
    if not use.tools or use.choice == "none":
        return Decision(replace(request, tools=None))
    forced = use.choice == "required"
    if policy.calling == "off":
        if forced:
            raise InvalidRequest(
                "`tool_choice` asks for a call of a tool, but tool calling is switched off (tool_calling in"
                " config.jsonc). Switch it on, or leave `tool_choice` out.",
                param="tool_choice",
            )
        return Decision(replace(request, tools=None), left_out=len(use.tools))
    if policy.calling == "on" or policy.agent:
        _check_size(use, policy.limit)
        return Decision(request)
    fitting = replace(use, room=policy.room)
    if forced or has_results(request) or least_room(fitting) <= policy.room:
        return Decision(replace(request, tools=fitting))
    return Decision(replace(request, tools=None), left_out=len(use.tools))


def _check_size(use: ToolUse, limit: int) -> None:
    size = most_room(use)
    if size > limit:
        raise TooLarge(
            f"The {len(use.tools)} tools of this request have {size / 1e6:.1f} MB, and LMArena takes about"
            f" {limit / 1e6:.1f} MB in one request. Offer fewer tools, or describe them in fewer words.",
            param="tools",
        )
