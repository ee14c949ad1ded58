"""The OpenAI Agents SDK, over Responses (its usual way) and over chat: an answer, a stream, a tool."""

import asyncio
import json
import sys

from agents import Agent, OpenAIProvider, RunConfig, Runner, function_tool, set_tracing_disabled

asked = json.load(sys.stdin)
said = {}
set_tracing_disabled(True)
called = []


@function_tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    called.append(city)
    return f"It is sunny in {city}."


async def talk(responses):
    """What an agent says, whole and streamed, and with a tool."""
    bridge = OpenAIProvider(base_url=f"{asked['url']}/v1", api_key=asked["key"], use_responses=responses)
    config = RunConfig(model_provider=bridge)
    brief = Agent(name="Brief", instructions="Be brief.", model=asked["model"])
    whole = await Runner.run(brief, "What is 6 * 7?", run_config=config)
    streaming = Runner.run_streamed(brief, "Hello!", run_config=config)
    kinds = [
        event.data.type async for event in streaming.stream_events() if event.type == "raw_response_event"
    ]
    helper = Agent(name="Helper", instructions="Use the tool.", model=asked["tools"], tools=[get_weather])
    called.clear()
    after = await Runner.run(helper, "What is the weather in Oslo?", run_config=config)
    return [
        whole.final_output,
        streaming.final_output,
        kinds.count("response.output_text.delta"),
        [*called],
        after.final_output,
    ]


async def main():
    said["responses"] = await talk(True)
    said["chat"] = await talk(False)


asyncio.run(main())
print(json.dumps(said))
