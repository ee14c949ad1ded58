"""A large file through the real command: the memory it takes does not depend on the file's size."""

import asyncio
import base64
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from filebed.beds import inside
from support.free_port import free_port

PATIENCE = 50.0
MEBIBYTE = 1024 * 1024
SIZE = 200 * MEBIBYTE
MOST = 24 * MEBIBYTE
CHUNK = bytes(range(256)) * 1023  # a multiple of three: its base64 can be put together


@dataclass
class Program:
    pid: int
    client: httpx2.AsyncClient
    uploads: Path

    def most_memory(self) -> int:
        """The most that was ever resident, in bytes, as Linux knows it."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024


@asynccontextmanager
async def file_bed(home: Path) -> AsyncIterator[Program]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lmarena_bridge", "file-bed", "--home", str(home), "--port", str(port)),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            said = (await process.stdout.readline()).decode()
        assert f"http://127.0.0.1:{port}/upload" in said
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield Program(process.pid, client, home / "state" / "uploads")
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()
    assert process.returncode == 0


async def form() -> AsyncIterator[bytes]:
    yield b'--a\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    for _ in range(SIZE // len(CHUNK)):
        yield CHUNK
    yield b"\r\n--a--\r\n"


async def json_body() -> AsyncIterator[bytes]:
    encoded = base64.b64encode(CHUNK)
    yield b'{"file_name": "x", "file_data": "data:video/mp4;base64,'
    for _ in range(SIZE // len(CHUNK)):
        yield encoded
    yield b'", "api_key": ""}'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("multipart/form-data; boundary=a", form), ("application/json", json_body)],
    ids=["form", "json"],
)
async def test_200_mb_come_and_go_in_constant_memory(
    tmp_path: Path, content_type: str, body: Callable[[], AsyncIterator[bytes]]
) -> None:
    async with file_bed(tmp_path) as program:
        small = await program.client.post("/upload", files={"file": ("x", CHUNK)})
        assert small.status_code == 200
        before = program.most_memory()
        answer = await program.client.post("/upload", content=body(), headers={"content-type": content_type})
        said = answer.json()
        assert answer.status_code == 200, said
        assert said["size"] == SIZE // len(CHUNK) * len(CHUNK)
        size = 0
        async with program.client.stream("GET", f"/uploads/{said['filename']}") as got:
            async for chunk in got.aiter_bytes():
                size += len(chunk)
        assert size == said["size"]
        assert program.most_memory() - before < MOST
        assert len(inside(program.uploads)) == 2
