"""Pydantic AI: a tool, and an object of a class, which it asks for with `tool_choice` "required"."""

import json
import sys

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

asked = json.load(sys.stdin)
said = {}


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int


def model_of(protocol):
    """The model, over chat completions or over Messages."""
    if protocol == "messages":
        provider = AnthropicProvider(base_url=asked["url"], api_key=asked["key"])
        return AnthropicModel(asked["tools"], provider=provider)
    provider = OpenAIProvider(base_url=f"{asked['url']}/v1", api_key=asked["key"])
    return OpenAIChatModel(asked["tools"], provider=provider)


def used(model):
    """What an agent with a tool says, and how it called it."""
    agent, called = Agent(model), []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Tells the weather of a city."""
        called.append(city)
        return f"It is sunny in {city}."

    return [agent.run_sync("What is the weather in Oslo?").output, called]


for name in asked["protocols"]:
    said[name] = used(model_of(name))
    person = Agent(model_of(name), output_type=Person).run_sync("Ada is 36.").output
    said[f"{name} object"] = person.model_dump()

print(json.dumps(said))
