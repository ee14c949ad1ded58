"""The figures in docs/performance.md: written by the benchmark itself, with machine, versions and date."""

import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.contestants import ROOT
from benchmarks.scenarios import SCENARIOS
from benchmarks.stage import Figures
from benchmarks.tables import goals, tables

PAGE: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- written by `make bench WRITE=--write`; changes by hand are lost -->"
END: Final = "<!-- end of what the benchmark writes -->"
_PACKAGES: Final = ("uvicorn", "httptools", "uvloop", "msgspec", "websockets")


def renew(rows: Sequence[Figures], page: Path = PAGE) -> None:
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{figures(rows)}\n\n{END}{after}", encoding="utf-8")


def figures(rows: Sequence[Figures]) -> str:
    return "\n\n".join(
        (machine(rows), "### Goals", goals(rows), "### All figures", tables(rows), legend(rows))
    )


def machine(rows: Sequence[Figures]) -> str:
    rounds = len({row["round"] for row in rows})
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    system = f"{platform.system()} {platform.release().partition('-')[0]}, Python {sys.version.split()[0]}"
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, {system}, {packages}; {rounds} rounds, "
        "each contestant started anew in each. Medians over the rounds; ratios are taken within a round."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.processor()


def legend(rows: Sequence[Figures]) -> str:
    names = dict.fromkeys(str(row["scenario"]) for row in rows)
    return "\n".join(f"- `{name}`: {SCENARIOS[name].about}" for name in names)
