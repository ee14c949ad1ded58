"""`models list`: the site's models and what they are called in models.json, as a table, as lines, as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lmarena_bridge.cli.terminal import shown, terminal
from lmarena_bridge.server.known_models import GONE_ADVICE, KnownModels, read_known
from lmarena_bridge.server.model_rows import Row, rows_of
from lmarena_bridge.storage.available_models import available_models_path
from lmarena_bridge.storage.home import Home

_GONE: Final = "gone from the site"
_UNKNOWN: Final = "Which models the site has is not known yet: lmarena-bridge models update"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which models to show; None and "" mean all."""

    text: str = ""
    kind: str | None = None
    organization: str | None = None
    mapped: bool | None = None


def list_models(path: Path, wanted: Wanted, *, as_json: bool) -> None:
    """Print them. Raises ConfigError if a file is broken."""
    home = Home(path)
    known = read_known(home)
    rows = [row for row in rows_of(known) if _is_wanted(row, wanted)]
    console = terminal()
    if as_json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    elif console.is_terminal:
        _print_table(console, rows, known, home)
    else:
        for row in rows:
            print("\t".join(map(shown, _cells(row))))
        if not known.looked:
            terminal(stderr=True).print(_UNKNOWN)


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    """Letters count, not their case."""
    text = wanted.text.casefold()
    kind = (wanted.kind or row.type).casefold()
    return (
        any(text in each.casefold() for each in (row.name, *row.mapped_as))
        and row.type.casefold() == ("text" if kind == "chat" else kind)
        and (wanted.organization is None or wanted.organization.casefold() == row.organization.casefold())
        and (wanted.mapped is None or wanted.mapped == bool(row.mapped_as))
    )


def _cells(row: Row) -> tuple[str, str, str, str, str, str]:
    note = _GONE if row.on_site is False else ""
    return row.name, row.type, row.organization, ", ".join(row.mapped_as), row.id or "", note


def _print_table(console: Console, rows: Sequence[Row], known: KnownModels, home: Home) -> None:
    if rows:
        console.print(_table(rows), soft_wrap=False)
    for line in _below(rows, known, home):
        console.print(line)


def _table(rows: Iterable[Row]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("model", overflow="fold")
    table.add_column("type")
    table.add_column("organization", overflow="fold")
    table.add_column("mapped as", overflow="fold")
    for row in rows:
        table.add_row(
            Text(shown(row.name), "bold" if row.mapped_as else ""),
            Text(shown(row.type), "dim" if row.type == "text" else "cyan"),
            Text(shown(row.organization), "dim"),
            _mapping(row),
        )
    return table


def _mapping(row: Row) -> Text:
    if row.on_site is False:
        return Text(_GONE, "red")
    names = [shown(name) for name in row.mapped_as]
    return Text("✓" if names == [shown(row.name)] else ", ".join(names), "green")


def _below(rows: Sequence[Row], known: KnownModels, home: Home) -> list[Text]:
    """How many there are, how old this is, and what to do next."""
    if not known.looked:
        return [Text(_UNKNOWN, "yellow")]
    written = datetime.fromtimestamp(available_models_path(home).stat().st_mtime)
    of_all = f" of {len(rows_of(known))}" if len(rows) < len(rows_of(known)) else ""
    mapped = sum(bool(row.mapped_as) for row in rows)
    lines = [
        Text(f"{len(rows)}{of_all} models, {mapped} mapped. The site was read {written:%Y-%m-%d %H:%M}.")
    ]
    if gone := [row for row in rows if row.on_site is False]:
        lines += [Text(f"{len(gone)} gone from the site:", "red"), Text(GONE_ADVICE)]
    elif not mapped:
        lines.append(Text("Take some into your API: lmarena-bridge models add NAME…"))
    return lines
