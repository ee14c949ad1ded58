"""The order of a chat request: the tab is asked before anything is made that only its answer needs."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lmarena_bridge.core.chat.events import Take
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.routes.chat import ChatRoute
from lmarena_bridge.server.tool_calling import ToolUses
from lmarena_bridge.server.wire import Message, Scope

BODY = b'{"model": "m", "messages": [{"role": "user", "content": "Hello"}], "stream": %s}'
SCOPE: Scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []}


class Answers:
    """Stands for `Answering`: keeps what happens, in order."""

    at, session, job = 0.0, "s", "j"

    def __init__(self) -> None:
        self.happened: list[str] = []

    def begin(self, request: ChatRequest) -> "Answers":
        self.happened.append("begun")
        return self

    async def give(self, take: Take, way: ShortWay | None = None) -> None:
        raise NotImplementedError

    def leave(self) -> None:
        self.happened.append("left")


async def asked(answers: Answers, *, stream: bool) -> None:
    def new_id() -> str:
        answers.happened.append("named")
        raise OSError("no randomness")

    config = Config(Settings(), {}, {})
    services = SimpleNamespace(
        answering=answers,
        configs=SimpleNamespace(latest=config),
        tool_uses=ToolUses(),
        world=SimpleNamespace(new_id=new_id, clock=lambda: 0),
    )

    async def receive() -> Message:
        return {"type": "http.request", "body": BODY % (b"true" if stream else b"false")}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    await ChatRoute(cast("Any", services))(SCOPE, receive, send)


@pytest.mark.parametrize("stream", [True, False])
async def test_what_was_begun_is_left_if_there_is_no_answer_to_take_it(stream: bool) -> None:
    answers = Answers()
    with pytest.raises(OSError, match="no randomness"):
        await asked(answers, stream=stream)
    assert answers.happened == ["begun", "named", "left"]
