"""Instructor in its modes: the same object by a tool, by JSON with and without a schema, out of Markdown."""

import json
import sys

import instructor
from openai import OpenAI
from pydantic import BaseModel

asked = json.load(sys.stdin)
said = {}


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int


def made(mode, model, content):
    bridge = OpenAI(base_url=f"{asked['url']}/v1", api_key=asked["key"], max_retries=0, timeout=30)
    client = instructor.from_openai(bridge, mode=mode)
    messages = [{"role": "user", "content": content}]
    person = client.chat.completions.create(
        model=model, response_model=Person, messages=messages, max_retries=0
    )
    return person.model_dump()


said["TOOLS"] = made(instructor.Mode.TOOLS, asked["tools"], "Ada is 36.")
for mode in (instructor.Mode.JSON, instructor.Mode.JSON_SCHEMA):
    said[mode.name] = made(mode, asked["model"], asked["object"])
said["MD_JSON"] = made(instructor.Mode.MD_JSON, asked["model"], asked["fenced"])

print(json.dumps(said))
