"""Faults of the process and the system it runs on, by the numbers of docs/reliability.md."""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.server.awake_clock import awake_clock
from support.chain import chain as start
from support.chain import question, records, until
from support.play import Play
from support.program import PATIENCE, Program, program

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals and limits"),
    pytest.mark.timeout(180),
]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Program]:
    async with program(tmp_path) as server:
        yield server


async def test_fault_25_and_26_a_killed_server_breaks_its_answers_and_serves_again_with_the_same_tab(
    server: Program,
) -> None:
    async with server.running() as process, server.tab() as tab:
        with pytest.raises(httpx2.HTTPError):
            body = question("hello #arena:hang", stream=True)
            async with server.client.stream("POST", "/v1/chat/completions", json=body) as response:
                heard = records(response)
                await anext(heard)
                process.kill()
                async for record in heard:
                    assert record != "[DONE]"
        await process.wait()
        async with server.running():
            await server.until_ready()
            assert not tab.streams, "the new server knows nothing of it, so the tab has given it up"
            assert (await server.ask("hi")).status_code == 200
        await until(lambda: not server.arena.journal.open_streams)


async def test_fault_27_told_to_stop_it_ends_its_answers_and_takes_no_new_ones(server: Program) -> None:
    async with server.running() as process, server.tab() as tab, asyncio.TaskGroup() as group:
        running = group.create_task(server.ask("Tell me a story. #arena:pace=100"))
        await until(lambda: any(stream.sent_to for stream in tab.streams.values()))
        process.send_signal(signal.SIGTERM)
        refused = await until_refused(server)
        assert refused.json()["error"]["code"] == "stopping"
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["connection"] == "close"
        assert (await running).status_code == 200
        assert running.result().json()["choices"][0]["finish_reason"] == "stop"
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def until_refused(server: Program) -> httpx2.Response:
    """The first answer that is no success: the signal takes its moment to arrive."""
    async with asyncio.timeout(PATIENCE):
        while (answer := await server.ask("hi")).status_code == 200:
            pass
    return answer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_fault_27_a_second_signal_ends_it_at_once(server: Program, number: signal.Signals) -> None:
    async with server.running() as process, server.tab() as tab, asyncio.TaskGroup() as group:
        running = group.create_task(broken(server))
        await until(lambda: any(stream.sent_to for stream in tab.streams.values()))
        process.send_signal(number)
        assert (await until_refused(server)).status_code == 503
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == -number
        await running


async def broken(server: Program) -> None:
    with pytest.raises(httpx2.HTTPError):
        await server.ask("hello #arena:hang")


async def test_fault_28_a_stopped_process_goes_on_where_it_was(server: Program) -> None:
    async with server.running() as process, server.tab() as tab, asyncio.TaskGroup() as group:
        answer = group.create_task(server.ask("#arena:size=2000000"))
        await until(lambda: any(stream.sent_to for stream in tab.streams.values()))
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(httpx2.TimeoutException):
            await server.client.get("/healthz", timeout=2)
        process.send_signal(signal.SIGCONT)
        content = (await answer).json()["choices"][0]["message"]["content"]
        assert len(content) == 2_000_000


@pytest.mark.parametrize("comes_back", [True, False], ids=["tab wakes as well", "tab is gone"])
def test_fault_28_after_a_night_the_tab_has_its_time_to_show_that_it_lives(comes_back: bool) -> None:
    """With a clock that is told; measured by the wall, every tab would have been silent for hours."""
    wall = [1000.0]
    clock, play = awake_clock(lambda: wall[0]), Play()
    play.now = clock()
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    wall[0] += 8 * 3600
    play.now = clock()
    assert play.pass_time(0).closed == []
    broken = []
    for _ in range(60):
        wall[0] += 1
        play.now = clock()
        if comes_back:
            play.say(m.Pong(play.now))
        broken += play.pass_time(0).broken
    assert broken == ([] if comes_back else [("j", TabLost)])


@pytest.mark.parametrize("jump", [86_400, -2 * 86_400, 441_763_200, -1_700_000_000])
async def test_fault_33_the_wall_clock_may_jump(tmp_path: Path, jump: float) -> None:
    """Deadlines go by a clock that is never set back; what the site says in dates is read by the wall's."""
    async with start(tmp_path) as chain:
        bridge = chain.server.services.world
        before = bridge.clock
        async with asyncio.TaskGroup() as group:
            answer = group.create_task(chain.ask("Tell me a story. #arena:pace=20"))
            await until(lambda: bool(chain.tab.streams))
            object.__setattr__(bridge, "clock", lambda: before() + jump)
            assert (await answer).status_code == 200
        assert (await chain.ask("hi")).status_code == 200


def few_files(number: int) -> tuple[str, ...]:
    return "/bin/sh", "-c", f'ulimit -n {number}; exec "$@"', "sh"


async def test_fault_46_without_free_files_running_answers_go_on_and_it_recovers(server: Program) -> None:
    async with server.running(*few_files(64)), server.tab() as tab:
        await server.until_ready()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(server.ask("Tell me a story. #arena:pace=50"))
            await until(lambda: any(stream.sent_to for stream in tab.streams.values()))
            crowd = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(100)]
            answer = await running
            assert answer.status_code == 200
            assert answer.json()["choices"][0]["finish_reason"] == "stop"
            # The vocabulary is not loaded yet: without files, tokens are estimated by length.
            assert answer.json()["usage"]["completion_tokens"] > 0
        for _, writer in crowd:
            writer.transport.abort()
        await server.until_alive()
        assert (await server.ask("hi")).status_code == 200


async def test_fault_53_a_port_in_use_is_one_clear_line_and_code_2(server: Program) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
        other.listen()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "lmarena_bridge",
            "serve",
            "--home",
            str(server.home),
            "--port",
            str(server.port),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    (line,) = said.decode().splitlines()
    assert f"Cannot listen on 127.0.0.1:{server.port}" in line
    assert f"[Errno {errno.EADDRINUSE}]" in line
    assert process.returncode == 2
    assert output == b""
    assert not (server.home / "state" / "server.json").exists()


async def test_fault_54_without_a_network_the_api_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def no_names(host: object, *rest: object, **more: object) -> object:
        if host in ("127.0.0.1", "::1", "localhost", None, b"127.0.0.1"):
            return real(host, *rest, **more)  # type: ignore[arg-type]
        raise socket.gaierror(socket.EAI_AGAIN, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    async with start(tmp_path) as chain:
        assert (await chain.ask("hi")).status_code == 200
