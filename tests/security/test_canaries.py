"""Secrets and what people write, looked for in everything that comes out: logs, errors, files, processes."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import httpx2
import pytest
import structlog

from lmarena_bridge.cli.logs import set_up_logs
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.secret import read_or_create
from support.chain import Chain, question
from support.chain import chain as start
from support.free_port import free_port

KEY = "canary-of-a-key-7d1f0c"
SECOND = "canary-of-a-second-key-55aa01"
WRONG = "canary-of-a-wrong-key-0be1c4"
PROMPT = "canary of a prompt, 93bb2e"
CHAT = "/v1/chat/completions"
BEARER = {"authorization": f"Bearer {KEY}"}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that the server logs, the smallest detail included."""
    root, before = logging.getLogger(), structlog.get_config()
    loggers = [root, logging.getLogger("lmarena_bridge"), logging.getLogger("uvicorn")]
    handlers, levels = root.handlers[:], [logger.level for logger in loggers]
    out = StringIO()
    set_up_logs(logging.DEBUG, out)
    loggers[2].setLevel(logging.DEBUG)
    yield out
    structlog.configure(**before)
    root.handlers = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


async def everything(chain: Chain) -> list[httpx2.Response]:
    """Requests of all kinds: what works, what is refused, what fails, what is not there."""
    client, asked = chain.client, question(PROMPT)
    directives = (
        "",
        "#arena:500",
        "#arena:422",
        "#arena:torn",
        "#arena:error-line",
        "#arena:html",
        "#arena:429",
    )
    answers = [
        await client.post(CHAT, json=question(f"{PROMPT} {each}", stream=stream), headers=BEARER)
        for each in directives
        for stream in (False, True)
    ]
    bodies: list[bytes] = [
        json.dumps(asked).encode()[:-5],
        json.dumps({**asked, "n": PROMPT}).encode(),
        json.dumps({**asked, "model": 5, "x": PROMPT}).encode(),
    ]
    answers += [await client.post(CHAT, content=body, headers=BEARER) for body in bodies]
    for path in ("/v1/completions", "/v1/messages", "/v1/responses", "/v1/images/generations"):
        answers.append(
            await client.post(path, json={**asked, "prompt": PROMPT, "input": PROMPT}, headers=BEARER)
        )
    wrong = {"authorization": f"Bearer {WRONG}", "x-api-key": WRONG}
    answers += [
        await client.post(path, json=asked, headers=wrong) for path in (CHAT, "/upload", "/internal/x")
    ]
    answers += [
        await client.get(path, headers=BEARER)
        for path in (
            "/",
            "/readyz",
            "/healthz",
            "/v1/models",
            "/openapi.json",
            "/nothing",
            "/internal/sessions",
        )
    ]
    form = {"file": ("canary.txt", b"kept on purpose", "text/plain")}
    answers.append(await client.post("/v1/files", files=form, data={"purpose": "user_data"}, headers=BEARER))
    return answers


async def test_nothing_of_it_comes_out_where_it_should_not(tmp_path: Path, log: StringIO) -> None:
    keys = [KEY, {"name": "second", "key": SECOND, "requests_per_minute": 1}]
    async with start(tmp_path, settings={"api_key": keys, "jobs_per_tab": 3}) as chain:
        services = chain.server.services
        answers = await everything(chain)
        await chain.client.post(CHAT, json=question(PROMPT), headers={"x-api-key": SECOND})
        limited = await chain.client.post(CHAT, json=question(PROMPT), headers={"x-api-key": SECOND})
        await chain.until_idle()
        secrets = {KEY, SECOND, WRONG, services.secret, services.internal_token}
        home = services.home.path
    assert limited.status_code == 429
    assert any(answer.status_code == 200 for answer in answers)
    assert len({answer.status_code for answer in answers}) >= 5
    said = [*answers, limited]
    assert not [
        (each.request.url.path, secret) for each in said for secret in secrets if secret in shown(each)
    ]
    assert len(log.getvalue()) > 1000
    for canary in (*secrets, PROMPT):
        assert canary not in log.getvalue()
    # In the files stands what people write there themselves, and nothing else.
    held = {
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and any(canary.encode() in path.read_bytes() for canary in (*secrets, PROMPT))
    }
    assert held <= {"config.jsonc", "state/pairing_secret", "state/internal_token"}, held


def shown(answer: httpx2.Response) -> str:
    return f"{answer.headers} {answer.text}"


@pytest.mark.skipif(sys.platform != "linux", reason="what a process shows of itself is read from /proc")
async def test_a_process_shows_no_secret_of_its_own(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)
    secrets = (read_or_create(home, "pairing_secret"), read_or_create(home, "internal_token"), KEY)
    (tmp_path / "config.jsonc").write_text(json.dumps({"api_key": KEY}), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "lmarena_bridge",
            "serve",
            "--home",
            str(tmp_path),
            "--port",
            str(free_port()),
        ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(30):
            while b"3. " not in said:
                said += await process.stdout.readline()
        about = Path(f"/proc/{process.pid}")
        seen = (about / "cmdline").read_bytes() + (about / "environ").read_bytes()
    finally:
        process.terminate()
        rest, _ = await asyncio.wait_for(process.communicate(), 30)
    for secret in secrets:
        assert secret.encode() not in seen + said + rest


LEAKY = """
from pathlib import Path

def test_that_prints_a_secret(tmp_path):
    state = tmp_path / "home" / "state"
    state.mkdir(parents=True)
    (state / "pairing_secret").write_text("0123456789-a-secret")
    print("look: {shown}")
"""


@pytest.mark.parametrize(("shown", "code"), [("0123456789-a-secret", 1), ("nothing", 0)])
def test_a_test_that_lets_a_secret_out_fails_the_whole_run(tmp_path: Path, shown: str, code: int) -> None:
    (tmp_path / "test_leaky.py").write_text(textwrap.dedent(LEAKY.format(shown=shown)), encoding="utf-8")
    conftest = Path(__file__).parent.parent / "conftest.py"
    (tmp_path / "conftest.py").write_bytes(conftest.read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--basetemp",
            str(tmp_path / "base"),
            ".",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(conftest.parent)},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("secrets in what was put out" in done.stdout) is bool(code)
    assert shown not in done.stdout.replace("nothing", "") or code == 0
