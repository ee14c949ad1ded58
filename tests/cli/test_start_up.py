"""What a server loads when it starts: only what the first chat needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.free_port import free_port

# Some 60 MB and more than half a second together (2026-11-26).
LATER = frozenset(
    {
        "PIL",
        "cryptography",
        "fastapi",
        "greenlet",
        "httpx2",
        "jsonschema_rs",
        "obstore",
        "prometheus_client",
        "pydantic",
        "pygments",
        "rich",
        "splintr",
        "starlette",
    }
)
# The file bed alone is an application of FastAPI, with a store.
OF_THE_FILE_BED = {"fastapi", "obstore", "pydantic", "starlette"}
# Measuring coverage would load things of its own: greenlet, for one.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


@pytest.mark.parametrize(("command", "later"), [("serve", LATER), ("file-bed", LATER - OF_THE_FILE_BED)])
def test_what_is_rarely_needed_is_loaded_when_it_is_needed(
    tmp_path: Path, command: str, later: frozenset[str]
) -> None:
    imports = tmp_path / "imports"
    options = ["--home", str(tmp_path / "home"), "--port", str(free_port())]
    with (
        imports.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "lmarena_bridge", command, *options],
            env={**ENVIRONMENT, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert any(line.startswith(("  3. ", "The file bed")) for line in process.stdout)
            told = imports.read_text(encoding="utf-8").splitlines()
        finally:
            process.kill()
    # A package has been loaded if a part of it has: its own name is told even if it is not there.
    parts = (line.rpartition("|")[2].strip().partition(".") for line in told)
    loaded = {package for package, _, part in parts if part}
    assert "uvicorn" in loaded
    assert loaded & later == set()
