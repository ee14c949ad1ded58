"""LangChain: a tool called, whole and streamed, its result told, and an object of a class."""

import json
import sys

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

asked = json.load(sys.stdin)
said = {}
model = ChatOpenAI(
    model=asked["tools"],
    base_url=f"{asked['url']}/v1",
    api_key=asked["key"],
    max_retries=0,
    timeout=30,
)


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"It is sunny in {city}."


helper = model.bind_tools([get_weather])
talk = [HumanMessage("What is the weather in Oslo?")]
called = helper.invoke(talk)
said["calls"] = [[each["name"], each["args"], bool(each["id"])] for each in called.tool_calls]
talk += [
    called,
    *(ToolMessage(get_weather.invoke(c["args"]), tool_call_id=c["id"]) for c in called.tool_calls),
]
said["after"] = helper.invoke(talk).content
pieces = list(helper.stream(talk[:1]))
said["streamed"] = [[each["name"], each["args"]] for each in sum(pieces[1:], pieces[0]).tool_calls]
said["object"] = (
    model.with_structured_output(Person, method="json_schema").invoke(asked["object"]).model_dump()
)

print(json.dumps(said))
