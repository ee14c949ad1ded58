"""LlamaIndex: a whole answer, a completion, a streamed answer, a picture, a tool, an error."""

import base64
import json
import sys

from llama_index.core.llms import ChatMessage, ImageBlock, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike

asked = json.load(sys.stdin)
said = {}


def chat(model, **more):
    options = {"api_base": f"{asked['url']}/v1", "api_key": asked["key"], "max_retries": 0, "timeout": 30}
    return OpenAILike(model=model, is_chat_model=True, **options, **more)


def user(content):
    return ChatMessage(role="user", content=content)


def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"It is sunny in {city}."


model = chat(asked["model"])
system = ChatMessage(role="system", content="Be brief.")
said["whole"] = model.chat([system, user("What is 6 * 7?")]).message.content
said["completed"] = model.complete("What is 6 * 7?").text
pieces = [piece.delta for piece in model.stream_chat([user("Hello!")])]
said["streamed"] = [len(pieces), "".join(pieces)]
image = ImageBlock(image=base64.b64decode(asked["picture"].partition(",")[2]), image_mimetype="image/png")
message = ChatMessage(role="user", blocks=[TextBlock(text="What is attached?"), image])
said["picture"] = model.chat([message]).message.content
if "tools" in asked:
    helper = chat(asked["tools"], is_function_calling_model=True)
    tools = [FunctionTool.from_defaults(get_weather)]
    answer = helper.chat_with_tools(tools, user_msg="What is the weather in Oslo?")
    calls = helper.get_tool_calls_from_response(answer)
    said["calls"] = [[call.tool_name, call.tool_kwargs] for call in calls]
try:
    chat("no-such-model").complete("Hello!")
except Exception as error:
    said["error"] = [type(error).__name__, str(error)]

print(json.dumps(said))
