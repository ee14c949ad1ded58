"""The programs that are measured, and how each is started.

`own` is this checkout, `before` another one of the same program. `bare` relays without any JSON on uvicorn,
`c` does it in C: the floors. `nginx`, `litellm` and `direct` (no relay at all) stand before a fake upstream
and need no tab. `peer` is a checkout of an earlier bridge, run from a copy: on loopback, with updates and
restarts switched off.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from benchmarks.scenarios import GATEWAY, LARGE, PEERS, PLAIN, SCENARIOS

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
_SESSION: Final = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
_MODEL: Final = "983bc566-b783-4d28-b24c-3c8b08eb1086"
KEY: Final = "sk-bench-0123456789abcdef0123456789abcdef"

# A peer's program listens where it likes, mostly on all addresses; here it listens where we say.
_LAUNCH: Final = """
import runpy, sys, uvicorn
sys.path.insert(0, "")
run = uvicorn.run
def on_loopback(app, **options):
    run(app, **{**options, "host": "127.0.0.1", "port": int(sys.argv[1])})
uvicorn.run = on_loopback
runpy.run_path("api_server.py", run_name="__main__")
"""


@dataclass(frozen=True)
class Contestant:
    """`command`: {port} and {upstream} are filled in. `wire`: what its tab speaks, None for a gateway.

    `verified`: whether the text must come through unchanged, which the two floors do not promise.
    """

    name: str
    command: tuple[str, ...]
    wire: Literal["own", "peer"] | None
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    deflate: bool = False
    verified: bool = True
    model: str = "gpt-5"
    patience: float = 20.0
    scenarios: Collection[str] = tuple(SCENARIOS)

    @property
    def secret_file(self) -> Path:
        return self.folder / "state" / "pairing_secret"


def contestants(
    names: list[str], folder: Path, peer: Path | None, before: Path | None = None
) -> list[Contestant]:
    """Those of the named that this machine has; says which it has not."""
    makers: Mapping[str, Callable[[], Contestant | None]] = {
        "own": lambda: own(folder / "own"),
        "before": lambda: earlier(folder / "before", before) if before else None,
        "peer": lambda: peer_bridge(peer, folder / "peer"),
        "peer-deflate": lambda: peer_bridge(peer, folder / "peer-deflate", deflate=True),
        "bare": lambda: bare(folder),
        "c": lambda: c_relay(folder),
        "nginx": lambda: nginx(folder / "nginx"),
        "litellm": lambda: litellm(folder),
        "direct": lambda: direct(folder),
    }
    found = []
    for name in names:
        contestant = makers[name]()
        if contestant is None:
            print(f"{name}: not here, left out")
        else:
            found.append(contestant)
    return found


def own(folder: Path, **more: object) -> Contestant:
    """`more`: settings besides those that every measurement needs."""
    folder.mkdir(parents=True)
    settings = {
        "session_id": _SESSION,
        "message_id": _SESSION,
        "api_key": "sk-bench",
        "jobs_per_tab": 1000,
        "queue_limit": 1000,
        "max_body_bytes": 2**30,
        "site_max_body_bytes": 2**30,
        "file_bed_enabled": False,
        **more,
    }
    (folder / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "models.json").write_text(json.dumps({"gpt-5": _MODEL}), encoding="utf-8")
    python = os.environ.get("BENCH_PYTHON", sys.executable)
    command = (python, "-m", "lmarena_bridge", "serve", "--home", str(folder), "--port", "{port}")
    return Contestant("own", command, "own", folder)


def earlier(folder: Path, checkout: Path) -> Contestant:
    """This program as another checkout has it."""
    now = own(folder)
    return replace(now, name="before", env={"PYTHONPATH": f"{checkout.resolve() / 'src'}:{ROOT}"})


def peer_bridge(peer: Path | None, folder: Path, *, deflate: bool = False) -> Contestant | None:
    if peer is None or not (peer / "api_server.py").exists():
        return None
    shutil.copytree(peer, folder, ignore=shutil.ignore_patterns(".git", ".venv"))
    config = folder / "config.jsonc"
    text = re.sub(r"^\s*//.*$", "", config.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name in ("enable_auto_update", "enable_idle_restart"):
        text = re.sub(rf'"{name}"\s*:\s*true', f'"{name}": false', text)
    for name in ("session_id", "message_id"):
        text = re.sub(rf'"{name}"\s*:\s*"[^"]*"', f'"{name}": "{_SESSION}"', text)
    config.write_text(text, encoding="utf-8")
    (folder / "models.json").write_text(json.dumps({"gpt-5": _MODEL}), encoding="utf-8")
    (folder / "model_endpoint_map.json").write_text("{}", encoding="utf-8")
    python = peer.resolve() / ".venv" / "bin" / "python"
    command = (str(python) if python.exists() else sys.executable, "-c", _LAUNCH, "{port}")
    name = "peer-deflate" if deflate else "peer"
    return Contestant(name, command, "peer", folder, deflate=deflate, scenarios=LARGE if deflate else PEERS)


def bare(folder: Path) -> Contestant:
    command = (sys.executable, "-m", "benchmarks.bare_relay", "{port}")
    return Contestant("bare", command, "peer", ROOT, verified=False, scenarios=PLAIN)


def c_relay(folder: Path) -> Contestant | None:
    compiler, program = shutil.which("cc"), folder / "crelay"
    if compiler is None:
        return None
    source = HERE / "anchors" / "crelay.c"
    subprocess.run([compiler, "-O2", "-w", "-o", str(program), str(source)], check=True)
    return Contestant("c", (str(program), "{port}"), "peer", folder, verified=False, scenarios=PLAIN)


def nginx(folder: Path) -> Contestant | None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        return None
    folder.mkdir(parents=True)
    template = (HERE / "anchors" / "nginx.conf").read_text(encoding="utf-8")
    (folder / "template.conf").write_text(template.replace("FOLDER", str(folder)), encoding="utf-8")
    script = (
        f"sed 's/PORT/{{port}}/; s/UPSTREAM/{{upstream}}/' template.conf > nginx.conf;"
        f" exec {program} -e error.log -c {folder}/nginx.conf"
    )
    return Contestant("nginx", ("sh", "-c", script), None, folder, scenarios=GATEWAY)


def litellm(folder: Path) -> Contestant | None:
    program = shutil.which(os.environ.get("BENCH_LITELLM", "litellm"))
    if program is None:
        return None
    config = HERE / "anchors" / "litellm.yaml"
    command = (
        program,
        "--config",
        str(config),
        "--host",
        "127.0.0.1",
        "--port",
        "{port}",
        "--num_workers",
        "1",
    )
    env = {
        "BENCH_UPSTREAM": "http://127.0.0.1:{upstream}/v1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_TELEMETRY": "False",
        "LITELLM_LOG": "ERROR",
        "LITELLM_MASTER_KEY": KEY,
        "DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return Contestant(
        "litellm", command, None, folder, env=env, model="fake", patience=120.0, scenarios=GATEWAY
    )


def direct(folder: Path) -> Contestant:
    command = (sys.executable, "-m", "benchmarks.fake_upstream", "{port}")
    return Contestant("direct", command, None, ROOT, scenarios=GATEWAY)
