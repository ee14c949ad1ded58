"""LiteLLM: whole, streamed, over chat and over Messages, pictures both ways, a tool, an error."""

import json
import sys

import litellm

asked = json.load(sys.stdin)
said = {}
litellm.suppress_debug_info = True
bridge = {"api_base": f"{asked['url']}/v1", "api_key": asked["key"], "num_retries": 0, "max_retries": 0}
weather = {
    "name": "get_weather",
    "description": "Tells the weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def chat(model, content, **more):
    options = {**bridge, "timeout": 30, **more}
    return litellm.completion(model=model, messages=[{"role": "user", "content": content}], **options)


name = f"openai/{asked['model']}"
whole = chat(name, "What is 6 * 7?").choices[0]
said["whole"] = [whole.message.content, whole.finish_reason]
pieces = list(chat(name, "Hello!", stream=True, stream_options={"include_usage": True}))
built = litellm.stream_chunk_builder(pieces)
said["streamed"] = [built.choices[0].message.content, built.choices[0].finish_reason]
said["usage"] = built.usage.total_tokens
picture = {"type": "image_url", "image_url": {"url": asked["picture"]}}
content = [{"type": "text", "text": "What is attached?"}, picture]
said["picture"] = chat(name, content).choices[0].message.content
drawn = litellm.image_generation(
    model=f"openai/{asked['painter']}",
    prompt="a hedgehog",
    n=1,
    api_base=bridge["api_base"],
    api_key=asked["key"],
)
said["drawn"] = drawn.data[0].url
if "tools" in asked:
    tools = [{"type": "function", "function": weather}]
    called = chat(f"openai/{asked['tools']}", "What is the weather in Oslo?", tools=tools).choices[0]
    functions = [call.function for call in called.message.tool_calls]
    said["calls"] = [[function.name, json.loads(function.arguments)] for function in functions]
    said["stopped"] = called.finish_reason
if "messages" in asked:
    messages = chat(f"anthropic/{asked['model']}", "What is 6 * 7?", api_base=asked["url"], max_tokens=100)
    said["messages"] = messages.choices[0].message.content
try:
    chat("openai/no-such-model", "Hello!")
except Exception as error:
    said["error"] = [type(error).__name__, str(error)]

print(json.dumps(said))
