"""Put the page's one library, lit-html, from node_modules into the package, with its licence.

So the wheel needs no Node and the page loads nothing from elsewhere. `--check` compares instead: what is in
the package must be exactly what package-lock.json pins. Why lit-html: it keeps a page up to date by setting
texts and attributes only, so that nothing untrusted is ever read as HTML; it needs no build step, runs under
a strict policy, and has no dependency of its own (3.3 KB; kept by the Lit project, BSD-3-Clause).
"""

import sys
from pathlib import Path

SOURCE = Path("node_modules/lit-html")
PLACE = Path("src/lmarena_bridge/server/static/vendor/lit-html")
FILES = (
    "LICENSE",
    "lit-html.js",
    "directive.js",
    "directive-helpers.js",
    "directives/live.js",
    "directives/repeat.js",
)


def main() -> None:
    different = [name for name in FILES if not _is_same(name)]
    if sys.argv[1:] == ["--check"]:
        if different:
            sys.exit(f"{PLACE} is not what package-lock.json pins ({', '.join(different)}): make vendor")
        return
    for name in different:
        target = PLACE / _kept_as(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_wanted(name))
        print(f"renewed {target}")


def _is_same(name: str) -> bool:
    target = PLACE / _kept_as(name)
    return target.is_file() and target.read_bytes() == _wanted(name)


def _kept_as(name: str) -> str:
    return "LICENSE.txt" if name == "LICENSE" else name


def _wanted(name: str) -> bytes:
    """Without the pointer to a source map, which is not here."""
    lines = (SOURCE / name).read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b"//# sourceMappingURL="))


if __name__ == "__main__":
    main()
