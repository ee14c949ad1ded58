"""What the load client sends, and how it reads what comes back."""

import base64
import json
import random
from typing import Final

import msgspec
from benchmarks.order import Order, blank_stamps, texts

_LETTERS: Final = "aąbcćdeęfghijklłmnoprsśtuwyzżABC"


class Load(msgspec.Struct):
    """A load on a server: `concurrency` clients, each with its next request as soon as it has its answer.

    `image`: bytes of base64 in each request; `history`: messages of `history_size` bytes before the last;
    `read_rate`: bytes a second that a client reads, 0 for all there is; `pid`: whose CPU time to count.
    """

    port: int
    order: Order = Order()
    concurrency: int = 1
    stream: bool = True
    seconds: float = 1.5
    most: int = 1_000_000
    patience: float = 120.0
    image: int = 0
    history: int = 0
    history_size: int = 2000
    read_rate: int = 0
    pid: int = 0
    model: str = "gpt-5"
    key: str = "sk-bench"


def request_of(load: Load) -> bytes:
    """One whole HTTP request."""
    chance = random.Random(1)  # the same each time, and no easier to compress than what people write
    messages: list[dict[str, object]] = list(_history(load, chance)) if load.history else []
    question = f"Hello there. {load.order.marker()}"
    if load.image:
        messages.append({"role": "user", "content": _with_image(question, load.image, chance)})
    else:
        messages.append({"role": "user", "content": question})
    asked = {"model": load.model, "messages": messages, "stream": load.stream}
    body = json.dumps(asked, ensure_ascii=False).encode()
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        f"Host: 127.0.0.1:{load.port}",
        f"Authorization: Bearer {load.key}",
        "Content-Type: application/json",
        "Accept: */*",
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _history(load: Load, chance: random.Random) -> list[dict[str, object]]:
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 9))) for _ in range(3000)]
    words += ['"quoted"', "new\nline", "naïve", "🙂", "{x: 1}"] * 40
    messages: list[dict[str, object]] = []
    for index in range(load.history):
        text = " ".join(chance.choices(words, k=load.history_size // 5)).encode()[: load.history_size]
        role = "assistant" if index % 2 else "user"
        messages.append({"role": role, "content": text.decode("utf-8", "ignore")})
    return messages


def _with_image(question: str, size: int, chance: random.Random) -> list[dict[str, object]]:
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + chance.randbytes(size * 3 // 4)).decode()
    url = f"data:image/png;base64,{data[: size // 4 * 4]}"
    return [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": question}]


def why_wrong(body: bytes, load: Load, *, chunked: bool) -> str:
    """What is wrong with the body of an answer; "" if it is the one that was ordered."""
    try:
        whole = unchunked(body) if chunked else body
        text, reason = _streamed(whole) if load.stream else _whole(whole)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return f"{error!r} in {body[:300]!r}"
    if blank_stamps(text) != "".join(texts(load.order)):
        return f"another text: {text[:200]!r}"
    return "" if reason else "no finish reason"


def unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


def _whole(body: bytes) -> tuple[str, str]:
    choice = json.loads(body)["choices"][0]
    return choice["message"]["content"], choice["finish_reason"]


def _streamed(body: bytes) -> tuple[str, str]:
    pieces: list[str] = []
    reason = ""
    for line in body.decode().splitlines():
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:"):
            continue
        if data == "[DONE]":
            return "".join(pieces), reason
        for choice in json.loads(data).get("choices") or ():
            pieces.append(choice["delta"].get("content") or "")
            reason = choice.get("finish_reason") or reason
    raise ValueError("no [DONE]")
