"""Prove that every file of the core is covered, each branch, by its own test file alone.

Covered by chance, from the test of another file, counts for nothing: whoever changes a file finds all that
must hold in one place. So each test file runs in a process of its own. The data stays, and
`coverage combine` makes the whole picture of it.
"""

import io
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coverage import Coverage

CORE = Path("src/lmarena_bridge/core")
TESTS = Path("tests/core")
# Plugins the core's tests do without: hypothesis works without its own, which costs a second of start-up.
UNNEEDED = ("cacheprovider", "hypothesispytest", "xdist", "anyio")
PYTEST = ("-m", "pytest", "--quiet", *(f"-pno:{plugin}" for plugin in UNNEEDED))


def main() -> None:
    sources = sorted(path for path in CORE.rglob("*.py") if path.name != "__init__.py")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [text for text in pool.map(complaint, sources) if text]
    print("\n".join(complaints) or f"{len(sources)} core files, each covered by its own test file alone.")
    sys.exit(1 if complaints else 0)


def complaint(source: Path) -> str:
    """What is wrong with the tests of one source file; "" when nothing is."""
    inside = source.relative_to(CORE)
    test = TESTS / inside.with_name(f"test_{inside.name}")
    if not test.exists():
        return f"{source}: has no {test}"
    data = f".coverage.core.{'.'.join(inside.with_suffix('').parts)}"
    with tempfile.TemporaryDirectory() as folder:
        tested = subprocess.run(
            [
                sys.executable,
                "-m",
                "coverage",
                "run",
                f"--data-file={Path(folder, data)}",
                *PYTEST,
                str(test),
            ],
            capture_output=True,
            encoding="utf-8",
        )
        if tested.returncode != 0:
            return f"{test}: fails\n{tested.stdout}{tested.stderr}"
        measured = Coverage(data_file=data)
        measured.combine([folder])
    table = io.StringIO()
    covered = measured.report(include=[str(source)], show_missing=True, skip_covered=False, file=table)
    return "" if covered == 100 else f"{source}: not all covered by {test}\n{table.getvalue()}"


if __name__ == "__main__":
    main()
