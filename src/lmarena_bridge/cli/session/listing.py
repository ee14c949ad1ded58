"""`session list`: the sessions of the person's files and how each is doing, as a table, as lines, as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lmarena_bridge.cli.link import linked
from lmarena_bridge.cli.terminal import shown, terminal
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.running import find_running

_STYLES: Final[Mapping[str, str]] = {
    "free": "green",
    "busy": "cyan",
    "cooling": "yellow",
    "set_aside": "bold red",
    "placeholder": "red",
}

# Names of up to so many characters are shown whole; of longer ones so many from their end.
_WHOLE: Final = 10
_END: Final = 8

Session = Mapping[str, Any]


def list_sessions(path: Path, *, as_json: bool) -> None:
    """Print them. Raises ConfigError if a file is broken, NoServer if the server does not answer."""
    home = Home(path)
    running = find_running(home) is not None
    sessions = _asked(home) if running else _read(home)
    console = terminal()
    if as_json:
        print(json.dumps({"running": running, "sessions": sessions}, ensure_ascii=False, indent=2))
    elif not sessions:
        console.print("No sessions yet. Take one from a chat on the site: lmarena-bridge session capture")
    elif console.is_terminal:
        _print_table(console, sessions, running=running)
    else:
        for session in sessions:
            print("\t".join(_line(session)))


def _asked(home: Home) -> Sequence[Session]:
    with linked(home) as link:
        sessions: Sequence[Session] = link.get("/internal/sessions")["sessions"]
    return sessions


def _read(home: Home) -> Sequence[Session]:
    """Without a server nothing is known of how they are doing, but that there are no real ids is."""
    views = session_views(ConfigStore(home).current(), SessionHealth(), 0)
    return [{**asdict(view), "state": view.state if view.state == "placeholder" else None} for view in views]


def _line(session: Session) -> list[str]:
    """For programs: everything in full."""
    return [
        shown(session["model"] or "*"),
        _kind(session),
        shown(session["session_id"]),
        shown(session["message_id"]),
        shown(session["profile"] or ""),
        session["state"] or "",
        shown(session["reason"] or ""),
    ]


def _print_table(console: Console, sessions: Sequence[Session], *, running: bool) -> None:
    columns = _columns(sessions, running=running)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in columns:
        table.add_column(heading, no_wrap=heading != "model", overflow="fold")
    for session in sessions:
        table.add_row(*(cell(session) for cell in columns.values()))
    console.print(table, soft_wrap=False)
    for session in sessions:
        if session["reason"]:
            console.print(Text.assemble((f"{_model(session)}: ", "bold"), shown(session["reason"])))
    if not running:
        console.print(Text("The bridge is not running, so nobody knows how they are doing.", "dim"))


def _columns(sessions: Sequence[Session], *, running: bool) -> dict[str, Callable[[Session], Text]]:
    """Only what tells something: long names of models need the room."""
    columns: dict[str, Callable[[Session], Text]] = {
        "model": lambda session: Text(_model(session), "cyan"),
        "kind": lambda session: Text(_kind(session)),
        "session": lambda session: Text(_short(session["session_id"])),
        "message": lambda session: Text(_short(session["message_id"])),
    }
    if any(session["profile"] for session in sessions):
        columns["browser"] = _browser
    if running:
        columns["state"] = _state
    return columns


def _browser(session: Session) -> Text:
    """The profile it was captured in."""
    return Text(_short(session["profile"])) if session["profile"] else Text("any", "dim")


def _model(session: Session) -> str:
    return shown(session["model"]) if session["model"] is not None else "all others"


def _kind(session: Session) -> str:
    return f"battle {session['battle_target']}" if session["mode"] == "battle" else "direct"


def _state(session: Session) -> Text:
    state = str(session["state"])
    words = {
        "busy": f"busy ({session['jobs']})",
        "cooling": f"rate limit, {session['wait']:.0f} s left",
        "set_aside": "set aside",
        "placeholder": "no real ids",
    }
    return Text(words.get(state, state), _STYLES[state])


def _short(name: str) -> str:
    """Its end: ids that were made at one time begin alike."""
    text = shown(name)
    return text if len(text) <= _WHOLE else f"…{text[-_END:]}"
