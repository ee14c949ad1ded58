"""Retry requests as a client of the arena makes them, for its tests."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.conversation import Attachment, Conversation, Turn
from lmarena_bridge.demo.models import DEMO_MODELS, TOOL_MODELS, DemoModel
from lmarena_bridge.demo.serving import serve_plainly

Said = str | tuple[str, str]

NOW = "2026-01-02T03:04:05.678Z"


def model(name: str) -> DemoModel:
    return next(each for each in DEMO_MODELS + TOOL_MODELS if each.name == name)


CHAT = model("demo-chat")


def talk(*said: Said, system: str = "", attachments: tuple[Attachment, ...] = ()) -> Conversation:
    """A conversation: texts are user and assistant in turn; attachments go with the last one."""
    turns = [Turn(role, text) for role, text in _roles(said)]
    if attachments:
        turns[-1] = Turn(turns[-1].role, turns[-1].text, attachments)
    return Conversation(tuple([Turn("system", system), *turns] if system else turns))


def retry_messages(to: DemoModel, *said: Said) -> list[dict[str, Any]]:
    """Well-formed messages by the rules for `to`."""
    messages: list[dict[str, Any]] = []
    for role, text in _roles(said):
        parents = [messages[-1]["id"]] if messages else []
        messages.append(
            {
                "role": role,
                "content": text,
                "id": str(uuid.uuid4()),
                "evaluationId": None,
                "evaluationSessionId": to.session_id,
                "parentMessageIds": parents,
                "experimental_attachments": [],
                "failureReason": None,
                "metadata": {},
                "participantPosition": _position(to, role),
                "createdAt": NOW,
                "updatedAt": NOW,
                "status": "success",
            }
        )
    if to.kind != "image":
        messages[-1]["status"] = "pending"
    return messages


def retry_body(to: DemoModel, *said: Said) -> dict[str, Any]:
    return {"messages": retry_messages(to, *said), "modelId": None}


def retry_path(to: DemoModel) -> str:
    return f"/nextjs-api/stream/retry-evaluation-session-message/{to.session_id}/messages/{to.message_id}"


@asynccontextmanager
async def plain_arena(arena: Arena | None = None) -> AsyncIterator[tuple[Arena, httpx2.AsyncClient]]:
    """An arena over plain http that wants no login and does not dawdle, and a client for it."""
    served = arena or create_arena(require_login=False, pace_ms=0)
    async with (
        serve_plainly(served) as place,
        httpx2.AsyncClient(base_url=place.base_url, timeout=10) as client,
    ):
        yield served, client


async def ask(client: httpx2.AsyncClient, to: DemoModel, *said: Said) -> httpx2.Response:
    return await client.put(retry_path(to), **as_text(retry_body(to, *said)))


def as_text(body: object) -> dict[str, Any]:
    """Keyword arguments of a request that sends `body` as the site's page does."""
    return {"content": json.dumps(body), "headers": {"content-type": "text/plain;charset=UTF-8"}}


def parts(stream: str) -> list[tuple[str, str, Any]]:
    """`(side, code, value)` of every line; each must be whole."""
    assert stream.endswith("\n")
    return [(line[0], line[1], json.loads(line[3:])) for line in stream.split("\n")[:-1]]


def text_of(stream: str, side: str = "a") -> str:
    return "".join(value for of, code, value in parts(stream) if (of, code) == (side, "0"))


def _roles(said: tuple[Said, ...]) -> list[tuple[str, str]]:
    texts = 0
    roles = []
    for each in said:
        if isinstance(each, str):
            roles.append(("user" if texts % 2 == 0 else "assistant", each))
            texts += 1
        else:
            roles.append(each)
    return roles


def _position(to: DemoModel, role: str) -> str:
    if to.mode == "battle":
        return to.side
    return "b" if role == "system" else "a"
