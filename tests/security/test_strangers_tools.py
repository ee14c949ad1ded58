"""Programs of others against ours, as they are (scripts/strangers.py sets them up)."""

import asyncio
import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from scripts import strangers
from structlog.testing import capture_logs

from security.echo import echo_server
from security.wire import bugs
from support.chain import Chain
from support.chain import chain as start

_log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent
# The longest of these programs, in seconds.
_LONG = 900.0
STREAMS = ROOT / "tests" / "core" / "site" / "streams"


async def run(
    *command: str, within: float, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> tuple[int, str]:
    """A program from its start to its end: its exit code, and all it said."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=env,
        cwd=cwd,
    )
    try:
        async with asyncio.timeout(within):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, said.decode(errors="replace")


# -- schemathesis: everything that /openapi.json allows, and what it does not -------------------------------


@asynccontextmanager
async def without_bugs(folder: Path) -> AsyncIterator[Chain]:
    """A chain that in the end still works and has logged no bug."""
    with capture_logs() as logs:
        async with start(folder, pace_ms=0, within=_LONG) as chain:
            yield chain
            await chain.until_idle()
            assert (await chain.ask("still there?")).status_code == 200
    assert bugs(logs) == []


@pytest.mark.parametrize(
    "examples",
    [
        pytest.param(8, id="some", marks=pytest.mark.timeout(250)),
        pytest.param(400, id="many", marks=[pytest.mark.extended, pytest.mark.timeout(900)]),
    ],
)
async def test_schemathesis_finds_nothing_that_is_not_as_documented(tmp_path: Path, examples: int) -> None:
    async with without_bugs(tmp_path) as chain:
        code, said = await run(
            str(strangers.program("schemathesis", "schemathesis").absolute()),
            *("--config-file", str(Path(__file__).parent / "schemathesis.toml")),
            *("run", f"{chain.server.url}/openapi.json", "--max-examples", str(examples)),
            *("--continue-on-failure", "--workers", "1", "--seed", "1", "--no-color"),
            within=_LONG,
            cwd=tmp_path,  # where it leaves what it remembers
        )
    assert code == 0, said[-6000:]
    generated = re.search(r"(\d+) generated", said)
    assert generated is not None, said[-2000:]
    _log.info("schemathesis: %s", generated[0])
    assert int(generated[1]) > 200


# -- Autobahn: is the WebSocket of tabs one? ---------------------------------------------------------------


@pytest.mark.extended
@pytest.mark.timeout(600)
async def test_autobahn_finds_no_fault_with_the_sockets_of_tabs(tmp_path: Path) -> None:
    async with echo_server() as url:
        server = {"agent": "ours", "url": url, "protocols": ["lmarena-bridge.v1"]}
        spec = {
            "outdir": str(tmp_path / "reports"),
            "servers": [server],
            "cases": ["*"],
            "exclude-cases": ["12.*", "13.*"],  # compression, which we decline
            "exclude-agent-cases": {},
        }
        (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
        command, environ = strangers.autobahn_command(
            "-m", "fuzzingclient", "-s", str(tmp_path / "spec.json")
        )
        _, said = await run(*command, within=580, env=environ)
    report = tmp_path / "reports" / "index.json"
    assert report.exists(), said[-3000:]
    cases = json.loads(report.read_text(encoding="utf-8"))["ours"]
    behaviour = Counter(case["behavior"] for case in cases.values())
    closing = Counter(case["behaviorClose"] for case in cases.values())
    _log.info("autobahn: %s", behaviour)
    assert len(cases) == 301
    assert set(behaviour) <= {"OK", "NON-STRICT", "INFORMATIONAL"}, behaviour
    assert set(closing) <= {"OK", "INFORMATIONAL"}, closing


# -- slowhttptest: who sends slowly ------------------------------------------------------------------------


@pytest.mark.extended
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("attack", "seconds"),
    [
        pytest.param(("-H", "-i", "3"), 12, id="headers"),
        pytest.param(("-B", "-i", "3", "-s", "8192", "-t", "POST"), 22, id="bodies"),
    ],
)
async def test_slowhttptest_is_let_go_and_others_are_served_meanwhile(
    tmp_path: Path, attack: tuple[str, ...], seconds: int
) -> None:
    options = ("-c", "1000", "-r", "500", "-l", str(seconds + 10), *attack)
    table = await slow_attack(tmp_path, "/v1/chat/completions", *options)
    assert max(int(row["Connected"]) for row in table) > 600
    # All were let go within their deadline, and a little for a busy machine.
    late = [row for row in table if int(row["Seconds"]) >= seconds + 6]
    assert late == [] or int(late[-1]["Connected"]) == 0, table[-3:]


@pytest.mark.extended
@pytest.mark.timeout(120)
async def test_slowhttptest_reads_slowly_and_nobody_else_waits(tmp_path: Path) -> None:
    """Five hundred who take a large answer by 32 bytes at a time."""
    options = ("-X", "-c", "500", "-r", "250", "-l", "20", "-w", "64", "-y", "128", "-n", "1", "-z", "32")
    table = await slow_attack(tmp_path, "/openapi.json", *options, "-k", "3")
    assert max(int(row["Connected"]) for row in table) > 300
    # What it tried beside it found the service there each time; it writes that as the number it attacks with.
    assert {row["Service Available"] for row in table} == {"500"}, table


async def slow_attack(tmp_path: Path, path: str, *options: str) -> list[dict[str, str]]:
    """What slowhttptest saw, second by second; somebody else is served all the time."""
    async with without_bugs(tmp_path / "home") as chain, asyncio.TaskGroup() as group:
        command = ("slowhttptest", *options, "-p", "3", "-u", f"{chain.server.url}{path}")
        attacking = group.create_task(run(*command, "-g", "-o", str(tmp_path / "slow"), within=100))
        served = 0
        while not attacking.done():
            assert (await chain.ask("hi")).status_code == 200
            served += 1
            await asyncio.wait([attacking], timeout=1)
    assert served >= 5
    lines = (tmp_path / "slow.csv").read_text(encoding="utf-8").splitlines()
    names, *rows = [line.split(",") for line in lines if line]
    return [dict(zip(names, row, strict=False)) for row in rows]


# -- atheris: inputs that reach new lines ------------------------------------------------------------------


@pytest.mark.extended
@pytest.mark.timeout(300)
@pytest.mark.parametrize("target", ["parse_stream", "read_jsonc"])
async def test_atheris_finds_no_input_that_breaks_a_reader(tmp_path: Path, target: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(target)):
        (corpus / str(number)).write_bytes(seed)
    seconds = os.environ.get("FUZZ_SECONDS", "60")
    code, said = await run(
        str(strangers.program("atheris", "python").absolute()),
        str(Path(__file__).parent / "fuzzing" / f"{target}.py"),
        *(
            str(corpus),
            f"-max_total_time={seconds}",
            "-seed=1",
            "-max_len=4096",
            "-timeout=20",
            "-verbosity=1",
        ),
        *("-print_final_stats=1", f"-artifact_prefix={tmp_path}/found-"),
        within=280,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert (code, inputs_in(tmp_path)) == (0, {}), said[-4000:]
    runs = re.search(r"number_of_executed_units: (\d+)", said)
    assert runs is not None, said[-2000:]
    _log.info("atheris, %s: %s inputs", target, runs[1])
    assert int(runs[1]) > 1000


def inputs_in(folder: Path) -> dict[str, bytes]:
    """What libFuzzer kept because it broke something."""
    return {each.name: each.read_bytes() for each in folder.glob("found-*")}


def seeds(target: str) -> list[bytes]:
    """What is right to begin with: the recorded streams, or the file of the first start."""
    if target == "parse_stream":
        return [b"\x03" + path.read_bytes() for path in sorted(STREAMS.glob("*.txt"))]
    from lmarena_bridge.core.config.default_files import settings_text

    return [
        settings_text().encode(),
        b'{"a": [1, -2.5e3, "\\u00e9", null, true], /* c */ "b": {},}',
        b"// x\n[]",
    ]


def test_the_tools_are_where_they_belong() -> None:
    assert strangers.program("x", "y").parts[:3] == (".venv", "strangers", "x")
    assert sys.platform == "win32" or strangers.program("x", "y").parts[3] == "bin"
