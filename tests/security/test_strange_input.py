"""Inputs by the thousand that nobody would send: only refusals, no hang, nobody harmed, no bug in the log.

The bodies of JSONTestSuite are Nicolas Seriot's (JSONTestSuite/LICENSE); the rest our own mutator spoils,
with a seed, so that a failure comes back.
"""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed

from lmarena_bridge.core.tabs import messages as m
from security.fuzz import Mutator
from security.wire import FalseTab, bugs, false_tab, port_of, raw, statuses
from support.chain import Chain, question

SUITE = Path(__file__).parent / "JSONTestSuite" / "cases.json"
# What is left out of the suite's files because it is nothing but long.
LONG = {
    "n_structure_100000_opening_arrays": b"[" * 100_000,
    "n_structure_open_array_object": b'[{"":' * 50_000 + b"\n",
}
CHAT = "/v1/chat/completions"
# The longest that any input may take.
HANG = 8.0
# What we may say to a body: done, or why not. Anything else is a bug, or harm to the one honest tab.
PLAIN_WORDS = frozenset({200, 400, 404, 413, 415, 422})
SEED = 2026

ONCE_AND_OFTEN = [
    pytest.param(1, id="some"),
    pytest.param(20, id="many", marks=[pytest.mark.extended, pytest.mark.timeout(900)]),
]


@pytest.fixture
async def watched(chain: Chain) -> AsyncIterator[Chain]:
    """The chain; in the end it still works, has no job left and has logged no bug."""
    with capture_logs() as logs:
        yield chain
        await chain.until_idle()
        assert (await chain.ask("still there?")).status_code == 200
    assert bugs(logs) == []


def cases() -> Iterator[tuple[str, bytes]]:
    for name, data in json.loads(SUITE.read_text(encoding="ascii")).items():
        yield name, base64.b64decode(data)
    yield from LONG.items()


async def post(chain: Chain, bodies: Iterable[bytes], path: str = CHAT) -> Mapping[int, list[bytes]]:
    """The bodies by the status of their answers, sixteen on their way at a time."""
    seen: dict[int, list[bytes]] = {}
    waiting = iter(bodies)

    async def worker() -> None:
        for body in waiting:
            async with asyncio.timeout(HANG):
                answer = await chain.client.post(
                    path, content=body, headers={"content-type": "application/json"}
                )
            seen.setdefault(answer.status_code, []).append(body[:300])
            if answer.status_code != 200:
                assert answer.json()["error"], body

    async with asyncio.TaskGroup() as group:
        for _ in range(16):
            group.create_task(worker())
    return seen


def unexpected(seen: Mapping[int, list[bytes]]) -> dict[int, list[bytes]]:
    return {status: bodies[:3] for status, bodies in seen.items() if status not in PLAIN_WORDS}


PATHS = (CHAT, "/v1/images/generations", "/v1/completions", "/v1/responses", "/v1/messages")


@pytest.mark.parametrize("path", PATHS)
async def test_json_as_nobody_writes_it(watched: Chain, path: str) -> None:
    head = json.dumps(question("x")).encode()[:-1]
    bodies = [body for _, data in cases() for body in (data, head + b',"x":' + data + b"}")]
    assert len(bodies) == 636
    seen = await post(watched, bodies, path)
    assert unexpected(seen) == {}
    assert sum(map(len, seen.values())) == 636


async def test_what_is_no_json_is_refused_and_what_is_stands_in_nobodys_way(watched: Chain) -> None:
    """`y_` must be taken, `n_` refused, `i_` may be either, in a field that we pass over."""
    head = json.dumps(question("x")).encode()[:-1]
    wrong = []
    for name, data in cases():
        body = head + b',"x":' + data + b"}"
        status = (await watched.client.post(CHAT, content=body)).status_code
        if name.startswith("n_") and status != 400:
            wrong.append((name, status))
        if name.startswith("y_") and status != 200:
            wrong.append((name, status))
    assert wrong == []


BODY = json.dumps(
    {
        "model": "demo-chat",
        "stream": False,
        "n": 1,
        "stop": ["a"],
        "max_tokens": 5,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "hé 🦔"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                ],
            },
            {"role": "assistant", "content": "x"},
        ],
    },
    ensure_ascii=False,
).encode()


@pytest.mark.parametrize("times", ONCE_AND_OFTEN)
async def test_spoilt_bodies(watched: Chain, times: int) -> None:
    mutator = Mutator(SEED)
    seen = await post(watched, (mutator.spoil(BODY) for _ in range(1000 * times)))
    assert unexpected(seen) == {}


@pytest.mark.parametrize("times", ONCE_AND_OFTEN)
async def test_spoilt_requests(watched: Chain, times: int) -> None:
    head = f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    mutator, seen = Mutator(SEED), Counter[int]()
    gate = asyncio.Semaphore(100)

    async def one(data: bytes) -> None:
        async with gate:
            # A header that never ends is waited for: then the deadline says 408.
            seen.update(statuses(await raw(port_of(watched), data, within=60)))

    async with asyncio.TaskGroup() as group:
        for _ in range(500 * times):
            group.create_task(one(mutator.spoil(request) + b"\r\n\r\n"))
    assert seen.total() > 400 * times
    assert not [status for status in seen if status >= 500]


def frames() -> tuple[bytes, ...]:
    job = "a" * 36
    said: tuple[m.FromTab, ...] = (
        m.Head(0, 200, {"content-type": "text/plain"}),
        m.End(0, 5),
        m.Failed(0, "network", "gone"),
        m.Pong(1.0),
        m.State("hidden"),
        m.Captured("/nextjs-api/x"),
        m.Attended(),
        m.Bye(),
        m.Hello(
            version="0.1.0",
            secret="x",
            tab=job,
            profile="p",
            origin="https://lmarena.ai",
            streams=(m.HeldStream(0, job, 0, 5),),
        ),
    )
    return (
        *(m.encode(each).encode() for each in said),
        m.encode_data(0, 0, b"hello"),
        m.encode_data(7, 2**40, b"x"),
    )


@pytest.mark.parametrize("times", ONCE_AND_OFTEN)
async def test_spoilt_frames(watched: Chain, times: int) -> None:
    mutator, whole = Mutator(SEED), frames()
    sent = 0
    while sent < 2000 * times:
        async with false_tab(watched) as tab:
            await tab.greet(tab=f"spoilt-{sent}")
            try:
                sent = await _babble(tab, mutator, whole, sent)
            except ConnectionClosed as closed:
                assert closed.rcvd is not None
                assert closed.rcvd.code in (m.CLOSE_MALFORMED, m.CLOSE_SECRET, 1007)
        if sent % 50 == 0:
            async with asyncio.timeout(HANG):
                assert (await watched.client.get("/readyz")).status_code == 200


async def _babble(tab: FalseTab, mutator: Mutator, whole: tuple[bytes, ...], sent: int) -> int:
    """Send until the server has had enough, and count on."""
    while tab.socket.close_code is None:
        frame = mutator.pick(whole)
        text = frame.isascii() and frame.startswith(b"{")
        sent += 1
        try:
            await tab.socket.send(frame.decode() if text else frame)
            # An answer to a ping comes behind what was sent before.
            await asyncio.wait_for(await tab.socket.ping(), HANG)
        except ConnectionClosed:
            break
    return sent
