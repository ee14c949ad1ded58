"""Asks what only JavaScript can answer: packages of package.json as judges."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parent.parent.parent
# The Node that scripts/node.py put into .venv comes first, as in the Makefile.
_PATH: Final = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def ask(script: str, question: object) -> list[Any]:
    """What the script prints as JSON for the question, which it finds in `question`."""
    head = 'const question = JSON.parse(require("fs").readFileSync(0, "utf8"));\n'
    answered = subprocess.run(
        ["node", "-e", head + script],
        input=json.dumps(question),
        env={**os.environ, "PATH": _PATH},
        cwd=_ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=50,
    )
    assert answered.returncode == 0, answered.stderr
    answers: list[Any] = json.loads(answered.stdout)
    return answers
