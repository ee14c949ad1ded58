"""One question through the API, its answer on the terminal as it comes: a client like any other."""

import json
from collections.abc import AsyncIterator

import httpx2
from rich.console import Console

from lmarena_bridge.cli.link import NoServer
from lmarena_bridge.core.errors import BridgeError, SiteRefused


async def print_answer(console: Console, url: str, model: str, question: str, key: str = "") -> None:
    """Print the answer piece by piece. Raises BridgeError with what the server said."""
    async for piece in answer(url, model, question, key):
        console.print(piece, end="", markup=False, emoji=False, soft_wrap=True)
    console.print()


async def answer(url: str, model: str, question: str, key: str = "") -> AsyncIterator[str]:
    """The pieces of the answer's text. `key`: one of the API's, if it has any.

    Raises BridgeError with what the server said, NoServer if it cannot be talked to.
    """
    try:
        # No proxy of the environment: it could not reach this machine.
        async with httpx2.AsyncClient(timeout=None, trust_env=False) as client:
            async for piece in _pieces(client, url, model, question, key):
                yield piece
    except httpx2.TransportError as error:
        raise NoServer(f"The bridge at {url} stopped while it was asked: start it again.") from error


async def _pieces(
    client: httpx2.AsyncClient, url: str, model: str, question: str, key: str
) -> AsyncIterator[str]:
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": question}]}
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with client.stream("POST", f"{url}/v1/chat/completions", json=body, headers=headers) as response:
        if response.status_code != 200:
            raise _said(json.loads(await response.aread()), response.status_code)
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                record = json.loads(line.removeprefix("data: "))
                if "error" in record:
                    raise _said(record, 502)
                for choice in record["choices"]:
                    if text := choice["delta"].get("content"):
                        yield text


def _said(record: dict[str, dict[str, str]], status: int) -> BridgeError:
    return SiteRefused(record["error"]["message"], status=status, code=record["error"]["code"])
