"""`models update`: the site's models, read through the tab, and what is different since last time."""

import json
from pathlib import Path
from typing import Any, Final

from rich.status import Status
from rich.text import Text

from lmarena_bridge.cli.link import linked
from lmarena_bridge.cli.terminal import shown, terminal
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.server.known_models import GONE_ADVICE, KnownModels, read_known
from lmarena_bridge.storage.home import Home

# A tab may first have to come; then the page travels, and if it lists no models another one does.
_SECONDS: Final = 120.0
# So many of each are told on a terminal.
_MOST: Final = 30


def update(path: Path, *, as_json: bool) -> None:
    """Ask the running server to renew the list. Raises NoServer, and what the server says."""
    home = Home(path)
    waiting = Status("Reading the site's models through your tab …", console=terminal(stderr=True))
    with linked(home) as link, waiting:
        said = link.post("/internal/request_model_update", timeout=_SECONDS)
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return
    console = terminal()
    for line in (*_told(said, all_of_them=not console.is_terminal), *_next(home, said)):
        console.print(line)


def _told(said: dict[str, Any], *, all_of_them: bool) -> list[Text]:
    types = ", ".join(f"{count} {shown(kind)}" for kind, count in said["types"].items())
    lines = [Text(f"LMArena has {said['models']} models: {types}.", "bold")]
    if said["first"]:
        return lines
    for mark, word, style in (("+", "new", "green"), ("-", "gone", "red"), ("~", "changed", "yellow")):
        models = said[word]
        most = len(models) if all_of_them else _MOST
        lines += [_line(mark, style, model) for model in models[:most]]
        if len(models) > most:
            lines.append(Text(f"  {mark} … and {len(models) - most} more {word}", style))
    counts = ", ".join(f"{len(said[word])} {word}" for word in ("new", "gone", "changed") if said[word])
    return [*lines, Text(f"Since last time: {counts or 'nothing is different'}.")]


def _line(mark: str, style: str, model: dict[str, Any]) -> Text:
    details = ", ".join(model.get("changes", ())) or model["type"]
    return Text.assemble(f"  {mark} ", (shown(model["name"]), style), (f"  {shown(details)}", "dim"))


def _next(home: Home, said: dict[str, Any]) -> list[Text]:
    """What of it concerns the person's own models, and what to do."""
    try:
        known = read_known(home)
    except ConfigError as error:
        # The update itself is done; the broken file is the next thing to see to.
        return [Text(error.message, "red")]
    lines = _gone(known)
    if said["first"] or not known.mapped:
        lines.append(Text("Next: lmarena-bridge models list, then lmarena-bridge models add NAME…"))
    elif said["new"]:
        lines.append(Text("To use a new one: lmarena-bridge models add NAME…"))
    return lines


def _gone(known: KnownModels) -> list[Text]:
    gone = known.gone()
    if not gone:
        return []
    names = ", ".join(shown(entry.name) for entry in gone)
    return [Text(f"Of your models, gone from the site: {names}", "red"), Text(GONE_ADVICE)]
