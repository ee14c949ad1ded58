"""LangChain: a whole answer, a streamed one, several at once, a picture, an error."""

import json
import sys

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

asked = json.load(sys.stdin)
said = {}


def chat(model, **more):
    url, key = f"{asked['url']}/v1", asked["key"]
    return ChatOpenAI(model=model, base_url=url, api_key=key, max_retries=0, timeout=30, **more)


whole = chat(asked["model"]).invoke([SystemMessage("Be brief."), HumanMessage("What is 6 * 7?")])
said["whole"] = [whole.content, whole.response_metadata["finish_reason"]]

pieces = list(chat(asked["model"], stream_usage=True).stream("Hello!"))
total = sum(pieces[1:], pieces[0])
said["streamed"] = [len(pieces), total.content, total.response_metadata["finish_reason"]]
said["usage"] = total.usage_metadata["total_tokens"]

said["batch"] = [each.content for each in chat(asked["model"]).batch([f"What is {n} * 2?" for n in range(4)])]

picture = {"type": "image_url", "image_url": {"url": asked["picture"]}}
seen = chat(asked["model"]).invoke([HumanMessage([{"type": "text", "text": "What is attached?"}, picture])])
said["picture"] = seen.content

try:
    chat("no-such-model").invoke("Hello!")
except Exception as error:
    said["error"] = [type(error).__name__, str(error)]

print(json.dumps(said))
