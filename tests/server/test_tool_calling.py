import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from lmarena_bridge.core.chat.calling.choice import ToolCalling
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, Tool, ToolUse
from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.server.tool_calling import ToolUses, calling_for

PLAIN = ChatRequest("a-model", (Message(Role.USER, "Hi"),))
ASKED = replace(PLAIN, tools=ToolUse((Tool("get_weather"), Tool("now"))))
OFF = Settings(tool_calling="off")


@pytest.mark.parametrize(
    ("settings", "key", "calling"),
    [
        (Settings(), None, "auto"),
        (OFF, None, "off"),
        (OFF, ApiKey("k", "phone"), "off"),
        (OFF, ApiKey("k", "phone", tool_calling="on"), "on"),
        (Settings(tool_calling_on_for=("a-model",)), None, "on"),
        (Settings(tool_calling_on_for=("another",)), None, "auto"),
        (Settings(tool_calling="on", tool_calling_off_for=("a-model",)), None, "off"),
        (Settings(tool_calling_off_for=("a-model",)), ApiKey("k", tool_calling="auto"), "auto"),
    ],
)
def test_the_key_goes_before_the_model_and_the_model_before_all(
    settings: Settings, key: ApiKey | None, calling: ToolCalling
) -> None:
    assert calling_for("a-model", settings, key) == calling


def test_tools_that_are_used_need_no_word() -> None:
    uses = ToolUses()
    assert uses.settled(ASKED, Settings(tool_calling="on"), None) == (ASKED, ())
    assert uses.settled(ASKED, Settings(tool_prompt_bytes=0), None, agent=True) == (ASKED, ())
    assert uses.settled(PLAIN, OFF, None) == (PLAIN, ())
    assert uses.left_out is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (OFF, "tool_calling is off for this model or key"),
        (
            Settings(tool_prompt_bytes=5),
            "they take more room than tool_prompt_bytes; tool_calling on lets them in",
        ),
    ],
)
def test_tools_left_out_are_told_to_everybody(settings: Settings, reason: str) -> None:
    uses = ToolUses()
    with capture_logs() as logs:
        request, headers = uses.settled(ASKED, settings, None)
    assert request == PLAIN
    assert headers == ((b"x-lmarena-bridge-tools", f"left out: 2; {reason}".encode()),)
    assert uses.left_out is not None
    assert (uses.left_out.model, uses.left_out.tools, str(uses.left_out.reason)) == ("a-model", 2, reason)
    assert logs == [
        {"event": "tools left out", "log_level": "info", "model": "a-model", "tools": 2, "reason": reason}
    ]
