"""The response object and its output items, as stream and whole body have them.

Which keys are there, null included, is settled by the strictest judge of them all (llm-comply's
open-responses) and by openai 3.54's types.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from lmarena_bridge.core.api.citations import mentions
from lmarena_bridge.core.api.errors import as_utf8
from lmarena_bridge.core.api.responses.offered import ResponsesTool, ResponsesToolChoice
from lmarena_bridge.core.api.responses.requests import ResponsesBody
from lmarena_bridge.core.chat.events import CitationFound, Finished, FinishReason, Usage
from lmarena_bridge.core.errors import BridgeError

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """What is known of a response before there is an answer; `created` in whole seconds since 1970."""

    id: str
    created: int
    body: ResponsesBody
    # A name that the model uses → namespace and name that the client knows.
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def item_id(self, kind: str, index: int) -> str:
        """`msg_…`, `fc_…`, `rs_…`: unique, for the response's own id is."""
        return f"{kind}_{self.id.removeprefix('resp_')}_{index}"

    def fields(self) -> Fields:
        """The response while it is made."""
        body = self.body
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "completed_at": None,
            "status": "in_progress",
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": body.instructions,
            "max_output_tokens": body.max_output_tokens,
            "max_tool_calls": body.max_tool_calls,
            "model": body.model,
            "output": [],
            "parallel_tool_calls": body.parallel_tool_calls is not False,
            "previous_response_id": body.previous_response_id,
            "prompt_cache_key": body.prompt_cache_key,
            "reasoning": {
                "effort": body.reasoning and body.reasoning.effort,
                "summary": body.reasoning and body.reasoning.summary,
            },
            "safety_identifier": body.safety_identifier,
            "service_tier": "default",
            "store": body.store is not False,
            "temperature": 1.0 if body.temperature is None else body.temperature,
            "text": _text_config(body),
            "tool_choice": _choice(body.tool_choice),
            "tools": [_function(tool) for tool in body.tools or () if tool.type == "function"],
            "top_logprobs": 0,
            "top_p": 1.0 if body.top_p is None else body.top_p,
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "truncation": "disabled",
            "usage": None,
            "user": body.user,
            "metadata": body.metadata or {},
        }

    def ended(self, finished: Finished, output: Sequence[Fields], now: int) -> Fields:
        """The response when the answer is complete, `now`."""
        cut = incomplete_reason(finished.reason)
        return {
            **self.fields(),
            "status": "incomplete" if cut else "completed",
            "completed_at": None if cut else now,
            "incomplete_details": {"reason": cut} if cut else None,
            "output": output,
            "usage": usage_fields(finished.usage),
        }

    def failed(self, error: BridgeError, output: Sequence[Fields]) -> Fields:
        """The response when the answer broke off."""
        code = "rate_limit_exceeded" if error.status == 429 else "server_error"
        if 400 <= error.status < 500 and error.status != 429:
            code = "invalid_prompt"
        return {
            **self.fields(),
            "status": "failed",
            "error": {"code": code, "message": as_utf8(error.message)},
            "output": output,
        }

    def call(self, index: int, call_id: str, name: str, arguments: str, *, status: str) -> Fields:
        """A `function_call` item."""
        namespace, own = self.origins.get(name, ("", name))
        item: Fields = {
            "id": self.item_id("fc", index),
            "type": "function_call",
            "status": status,
            "arguments": arguments,
            "call_id": call_id,
            "name": own,
        }
        return {**item, "namespace": namespace} if namespace else item

    def message(self, index: int, content: Sequence[Fields], *, status: str) -> Fields:
        """A `message` item."""
        return {
            "id": self.item_id("msg", index),
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content,
        }

    def reasoning(self, index: int, summary: Sequence[Fields]) -> Fields:
        """A `reasoning` item. What the model thinks stands in its summary, where all clients show it."""
        return {"id": self.item_id("rs", index), "type": "reasoning", "summary": summary}


def text_part(text: str, citations: Iterable[CitationFound] = ()) -> Fields:
    annotations = [
        {
            "type": "url_citation",
            "start_index": mention.start,
            "end_index": mention.end,
            "title": mention.title,
            "url": mention.url,
        }
        for mention in mentions(citations, text)
    ]
    return {"type": "output_text", "annotations": annotations, "logprobs": [], "text": text}


def summary_part(text: str) -> Fields:
    return {"type": "summary_text", "text": text}


def incomplete_reason(reason: FinishReason) -> str | None:
    """Why an answer is not all that the model would have said; None if it is."""
    match reason:
        case FinishReason.LENGTH:
            return "max_output_tokens"
        case FinishReason.CONTENT_FILTER:
            return "content_filter"
        case _:
            return None


def usage_fields(usage: Usage | None) -> Fields:
    """Zeros when nobody counted: clients need numbers."""
    used = usage or Usage(0, 0)
    return {
        "input_tokens": used.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": used.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": used.reasoning_tokens},
        "total_tokens": used.prompt_tokens + used.completion_tokens,
    }


def _text_config(body: ResponsesBody) -> Fields:
    wanted = body.text
    told: object = {"type": "text"}
    if wanted and wanted.format:
        told = msgspec.to_builtins(wanted.format)
    return {"format": told, "verbosity": (wanted and wanted.verbosity) or "medium"}


def _choice(choice: str | ResponsesToolChoice | None) -> object:
    if isinstance(choice, ResponsesToolChoice):
        return {"type": "function", "name": choice.name} if choice.type == "function" else "auto"
    return choice or "auto"


def _function(tool: ResponsesTool) -> Fields:
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": tool.strict,
    }
