"""Pydantic AI, which checks answers against OpenAI's types: whole, streamed, a picture, an error."""

import asyncio
import base64
import json
import sys

from pydantic_ai import Agent, BinaryContent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

asked = json.load(sys.stdin)
said = {}


def agent(model, **more):
    provider = OpenAIProvider(base_url=f"{asked['url']}/v1", api_key=asked["key"])
    return Agent(OpenAIChatModel(model, provider=provider), **more)


async def streamed():
    async with agent(asked["model"]).run_stream("Hello!") as result:
        return [piece async for piece in result.stream_text(delta=True, debounce_by=None)]


said["whole"] = agent(asked["model"], instructions="Be brief.").run_sync("What is 6 * 7?").output
said["streamed"] = asyncio.run(streamed())
picture = BinaryContent(base64.b64decode(asked["picture"].partition(",")[2]), media_type="image/png")
said["picture"] = agent(asked["model"]).run_sync(["What is attached?", picture]).output
try:
    agent("no-such-model").run_sync("Hello!")
except Exception as error:
    said["error"] = [type(error).__name__, str(error)]

print(json.dumps(said))
