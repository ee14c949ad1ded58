"""anthropic: models, a whole answer, a streamed one, a picture, tokens, a tool, an error."""

import json
import sys

import anthropic

asked = json.load(sys.stdin)
said = {}
client = anthropic.Anthropic(base_url=asked["url"], api_key=asked["key"], max_retries=0, timeout=30)
weather = {
    "name": "get_weather",
    "description": "Tells the weather of a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def user(content):
    return {"role": "user", "content": content}


said["models"] = [model.id for model in client.models.list().data]

system = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
whole = client.messages.create(
    model=asked["model"], max_tokens=100, system=system, messages=[user("What is 6 * 7?")]
)
said["whole"] = [whole.content[0].text, whole.stop_reason, whole.role, whole.usage.output_tokens]

with client.messages.stream(model=asked["model"], max_tokens=100, messages=[user("Hello!")]) as stream:
    pieces = list(stream.text_stream)
    final = stream.get_final_message()
said["streamed"] = [len(pieces), "".join(pieces), final.content[0].text, final.stop_reason]
raw = client.messages.create(model=asked["model"], max_tokens=100, messages=[user("Hello!")], stream=True)
said["events"] = [event.type for event in raw]

source = {"type": "base64", "media_type": "image/png", "data": asked["picture"].partition(",")[2]}
content = [{"type": "text", "text": "What is attached?"}, {"type": "image", "source": source}]
seen = client.messages.create(model=asked["model"], max_tokens=100, messages=[user(content)])
said["picture"] = seen.content[0].text
said["tokens"] = client.messages.count_tokens(model=asked["model"], messages=[user("Hello!")]).input_tokens

talk = [user("What is the weather in Oslo? Use the tool.")]
wanted = {"model": asked["tools"], "max_tokens": 1000, "tools": [weather]}
with client.messages.stream(**wanted, messages=talk) as stream:
    called = stream.get_final_message()
uses = [block for block in called.content if block.type == "tool_use"]
said["calls"] = [[use.name, use.input, bool(use.id)] for use in uses]
said["stopped"] = called.stop_reason
results = [{"type": "tool_result", "tool_use_id": use.id, "content": "It is sunny."} for use in uses]
talk += [{"role": "assistant", "content": called.content}, user(results)]
said["after"] = client.messages.create(**wanted, messages=talk).content[0].text

try:
    client.messages.create(model="no-such-model", max_tokens=5, messages=[user("Hello!")])
except anthropic.NotFoundError as error:
    said["error"] = [error.body["type"], error.body["error"]["type"], error.body["error"]["message"]]

print(json.dumps(said))
