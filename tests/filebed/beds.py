"""File beds for the tests: in a directory, with a clock that can be turned, on a real socket."""

import base64
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from lmarena_bridge.filebed.app import create_file_bed
from lmarena_bridge.filebed.bed import FileBed, Rules
from lmarena_bridge.filebed.storage import Storage, in_directory
from lmarena_bridge.server.serving import accepting, listen

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BASE = "http://bed.test"


class Bench:
    """A file bed and what turns it: `ahead` seconds of its clock, `rules`, names counted up."""

    def __init__(self, storage: Storage, **rules: Any) -> None:
        self.ahead = 0.0
        self.rules = Rules(base_url=BASE, **rules)
        self._given = 0
        self.bed = FileBed(storage, lambda: self.rules, clock=self._now, new_id=self._new_id)

    def change(self, **rules: Any) -> None:
        self.rules = replace(self.rules, **rules)

    def _now(self) -> float:
        return time.time() + self.ahead

    def _new_id(self) -> str:
        self._given += 1
        return f"{self._given:032x}"


def bench_in(directory: Path, **rules: Any) -> Bench:
    return Bench(in_directory(directory), **rules)


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


def inside(directory: Path) -> list[str]:
    """What lies in a directory, pieces of unfinished files included."""
    return sorted(path.name for path in directory.iterdir())


def data_uri(data: bytes, content_type: str = "application/octet-stream") -> str:
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"


def as_json(data: bytes, content_type: str = "application/octet-stream", **fields: Any) -> bytes:
    """The body that earlier bridges send."""
    return json.dumps({"file_name": "x", "file_data": data_uri(data, content_type), **fields}).encode()


@dataclass
class Served:
    """A file bed on a port of this machine."""

    bench: Bench
    client: httpx2.AsyncClient
    directory: Path
    url: str

    async def upload(self, data: bytes, content_type: str = "", name: str = "x") -> Any:
        """What a good upload is told."""
        answer = await self.client.post("/upload", files={"file": (name, data, content_type or None)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fetch(self, name: str, **headers: str) -> httpx2.Response:
        return await self.client.get(
            f"/uploads/{name}", headers={key.replace("_", "-"): value for key, value in headers.items()}
        )


@asynccontextmanager
async def served(directory: Path, *, patience: float = 10, **rules: Any) -> AsyncIterator[Served]:
    bench = bench_in(directory, **rules)
    config = uvicorn.Config(
        create_file_bed(bench.bed, patience=patience),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    with listen("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        bench.change(base_url=url)
        async with accepting(config, listener), httpx2.AsyncClient(base_url=url, timeout=20) as client:
            yield Served(bench, client, directory, url)


def cut_at(data: bytes, places: Iterable[int]) -> list[bytes]:
    """The data in pieces that begin at these places."""
    ends = [0, *places, len(data)]
    return [data[start:end] for start, end in itertools.pairwise(ends)]
