"""`models remove`: models out of models.json."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from rich.text import Text

from lmarena_bridge.cli.terminal import shown, terminal
from lmarena_bridge.core.errors import UnknownModel
from lmarena_bridge.server.known_models import read_known, with_sessions
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home


def remove(path: Path, names: Sequence[str]) -> None:
    """Take these out. Raises UnknownModel, ConfigError: nothing is taken out."""
    home = Home(path)
    mapped = read_known(home).mapped
    wrong = [_unknown(name, tuple(mapped)) for name in names if name not in mapped]
    if wrong:
        raise UnknownModel("\n".join(wrong))
    ConfigWriter(home).remove_models(names)
    console = terminal()
    for name in dict.fromkeys(names):
        console.print(Text.assemble("  - ", (shown(name), "red")))
    left = len(mapped) - len(set(names))
    console.print(Text(f"models.json: {len(set(names))} removed, {left} left.", "bold"))
    if still := [name for name in dict.fromkeys(names) if name in with_sessions(home)]:
        said = f"Still served, because model_endpoint_map.json has sessions: {', '.join(map(shown, still))}."
        console.print(Text(said, "yellow"))


def _unknown(name: str, mapped: Sequence[str]) -> str:
    near = get_close_matches(name, mapped, n=3, cutoff=0.5)
    nearest = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"models.json has no model {name[:100]!r}.{nearest}"
