"""What a server loads when it starts: only what the first chat needs."""

import subprocess
import sys

import pytest

# Some 40 MB and half a second together (2026-11-25).
LATER = ("PIL", "fastapi", "httpx2", "jsonschema_rs", "obstore", "pydantic", "splintr", "starlette")


@pytest.mark.parametrize("module", ["lmarena_bridge.cli.main", "lmarena_bridge.cli.serve"])
def test_what_is_rarely_needed_is_loaded_when_it_is_needed(module: str) -> None:
    script = f"import sys, {module}; print(*sorted(set(sys.modules) & set({LATER!r})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.split() == []
