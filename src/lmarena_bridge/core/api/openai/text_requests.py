"""The body of POST /v1/completions, the form from before chats: a prompt, and how it goes on.

The models behind the site know conversations only: the prompt is asked as the one message of one.
"""

from dataclasses import dataclass
from typing import Final, NoReturn

import msgspec

from lmarena_bridge.core.api.body import Buffer, decode_body
from lmarena_bridge.core.api.openai.count import MOST, read_count
from lmarena_bridge.core.api.openai.limits import read_max_tokens, read_stop
from lmarena_bridge.core.api.token_limit import Number
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role
from lmarena_bridge.core.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class TextCall:
    """What the client asks: one request for each choice; `before` is what each answer begins with."""

    requests: tuple[ChatRequest, ...]
    before: tuple[str, ...]
    stream: bool
    include_usage: bool

    @property
    def model(self) -> str:
        return self.requests[0].model


class _StreamOptions(msgspec.Struct, frozen=True):
    include_usage: bool | None = None


class TextBody(msgspec.Struct, frozen=True):
    """The body as it stands there, checked for nothing but its types."""

    model: str
    prompt: str | list[str | int | list[int]] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    n: Number = None
    best_of: Number = None
    echo: bool | None = None
    suffix: str | None = None
    logprobs: bool | Number = None
    stop: str | list[str] | None = None
    max_tokens: Number = None


_DECODER: Final = msgspec.json.Decoder(TextBody)


def decode_text(body: Buffer) -> TextCall:
    """The body of POST /v1/completions. Raises InvalidRequest."""
    asked = decode_body(_DECODER, body)
    if not asked.model.strip():
        _refuse("model", "is empty: name one of the models that GET /v1/models lists.")
    _refuse_what_cannot_be(asked)
    prompts, n = _prompts(asked), read_count(asked.n)
    if len(prompts) * n > MOST:
        _refuse("prompt", f"asks for {len(prompts) * n} answers: {MOST} at the same time are possible.")
    include_usage = bool(asked.stream_options and asked.stream_options.include_usage)
    each = [prompt for prompt in prompts for _ in range(n)]
    stop, max_tokens = read_stop(asked.stop), read_max_tokens(asked.max_tokens, None)
    return TextCall(
        requests=tuple(
            ChatRequest(
                asked.model,
                (Message(Role.USER, prompt),),
                stop=stop,
                max_tokens=max_tokens,
                counted=include_usage or not asked.stream,
            )
            for prompt in each
        ),
        before=tuple(prompt if asked.echo else "" for prompt in each),
        stream=bool(asked.stream),
        include_usage=include_usage,
    )


def _prompts(asked: TextBody) -> list[str]:
    said = [asked.prompt] if isinstance(asked.prompt, str) else asked.prompt or []
    prompts = [prompt for prompt in said if isinstance(prompt, str)]
    if len(prompts) < len(said):
        _refuse("prompt", "holds numbers of tokens, which cannot be read here: send text.")
    if not any(prompt.strip() for prompt in prompts):
        _refuse("prompt", "is empty: say what the model shall go on from.")
    return prompts


def _refuse_what_cannot_be(asked: TextBody) -> None:
    if asked.suffix:
        _refuse("suffix", "cannot be used: models on LMArena answer, they fill no gaps. Leave it out.")
    if asked.logprobs is not None and asked.logprobs is not False:  # 0 asks for those of the text itself
        _refuse("logprobs", "cannot be had: LMArena tells nothing of the sort. Leave it out.")
    if asked.best_of is not None and asked.best_of != (asked.n or 1):
        _refuse("best_of", "cannot be used: LMArena tells nothing by which to choose. Ask for `n` answers.")


def _refuse(param: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{param}` {fault}", param=param)
