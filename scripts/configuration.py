"""Write what is said about the settings into docs/configuration.md, and docs/config.schema.json.

Both come from the declaration of the settings. With --check nothing is written, and it fails if one of them
is not what it would be.
"""

import json
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from lmarena_bridge.core.config.checks import Seconds
from lmarena_bridge.core.config.schema import schema_text
from lmarena_bridge.core.config.setting import Setting
from lmarena_bridge.core.config.settings import PASSED_OVER, SETTINGS

PAGE = Path("docs/configuration.md")
SCHEMA = Path("docs/config.schema.json")

BEGIN = "<!-- settings: written by scripts/configuration.py, renewed by `make docs` -->\n"
END = "<!-- end of settings -->\n"


def main() -> None:
    wanted = {PAGE: page(), SCHEMA: schema_text()}
    stale = [path for path, text in wanted.items() if not path.exists() or said(path) != text]
    if "--check" in sys.argv[1:]:
        names = ", ".join(path.as_posix() for path in stale)
        sys.exit(f"{names}: not what the settings say. Run make docs." if stale else 0)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
        print(f"{path.as_posix()} written")


def said(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def page() -> str:
    """The page with its part about the settings renewed; all else in it is written by hand."""
    before, _, rest = said(PAGE).partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{settings()}\n{END}{after}"


def settings() -> str:
    used = [setting for setting in SETTINGS.values() if setting.in_use]
    sections = [
        "\n".join([f"### {section}\n", *map(entry, members)])
        for section, members in groupby(used, key=lambda setting: setting.section)
    ]
    return "\n".join([*sections, *unused(), passed_over()])


def entry(setting: Setting) -> str:
    """One setting: what may stand there, what does if nothing else is said, and what it is about."""
    facts = [plain(str(setting.check.expected)), f"default `{default(setting)}`"]
    if setting.at_start:
        facts.append("**a change takes effect with the next start**")
    paragraphs = [f"#### `{setting.name}`", " · ".join(facts), plain(setting.about)]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def unused() -> Iterator[str]:
    """The settings that nothing acts on yet."""
    names = [f"`{setting.name}`" for setting in SETTINGS.values() if not setting.in_use]
    if names:
        yield f"### Not in use yet\n\nRead and checked, but nothing acts on them: {', '.join(names)}.\n"


def passed_over() -> str:
    names = ", ".join(f"`{name}`" for name in sorted(PASSED_OVER - {"$schema"}))
    return f"### Keys of earlier bridges\n\n{names} may stay in the file. They have no meaning here.\n"


def default(setting: Setting) -> str:
    """As it is written in the file: 60 and not 60.0."""
    value = setting.default
    whole = isinstance(setting.check, Seconds) and float(str(value)).is_integer()
    return f"{value:.0f}" if whole else json.dumps(value, ensure_ascii=False)


def plain(text: str) -> str:
    """Text that Markdown shows as it is; quotes, files, options and names of settings become code."""
    names = "|".join(name for name in SETTINGS if "_" in name)
    code = rf'\[".*?"\]|"[^"]*"|\b(?:{names})\b(?![^<]*>)|(?<!\w)--\w+|\w+\.jsonc?\b'
    marked = re.sub(rf"`[^`]*`|({code})", lambda found: f"`{found[1]}`" if found[1] else found[0], text)
    parts = marked.split("`")
    parts[::2] = [re.sub(r"[<*]", r"\\\g<0>", part) for part in parts[::2]]
    return "`".join(parts)


if __name__ == "__main__":
    main()
