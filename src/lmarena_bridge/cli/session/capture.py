"""`session capture`: waits for the click on Retry; the chat it was made in answers from then on."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from lmarena_bridge.cli.ask import print_answer
from lmarena_bridge.cli.link import Link, linked
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.session.asking import ask_append, ask_mode, ask_model, ask_new, ask_target
from lmarena_bridge.cli.session.waiting import waiting
from lmarena_bridge.cli.terminal import is_terminal, shown, terminal
from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.core.config.sessions import Mode, Side
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import Home

# The server itself ends the wait in time; this is for one that does not.
_PATIENCE: Final = 30.0
_QUESTION: Final = "Say hello in one word."


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed on the command line; None: nothing. `timeout` in seconds."""

    mode: Mode | None = None
    target: Side | None = None
    model: str | None = None
    append: bool = False
    yes: bool = False
    timeout: float = 120.0
    # The model is none of the files, and that is meant.
    new: bool = False


def capture(path: Path, wish: Wish) -> None:
    """Ask what is not said, wait, tell, try. Raises NoServer, ConfigError, what the server says."""
    home = Home(path)
    console = terminal()
    with linked(home) as link:
        config = ConfigStore(home).current()
        asked = is_terminal() and not wish.yes
        wish = completed(console, wish, config) if asked else wish
        with waiting(link, seconds=wish.timeout):
            told = link.post(
                "/internal/start_id_capture", _order(wish, config), timeout=wish.timeout + _PATIENCE
            )
        _tell(console, told)
        _offer(console, link, home, told, wish, asked=asked)


def completed(console: Console, wish: Wish, config: Config) -> Wish:
    """The wish with what the person says to the questions that are left."""
    settings = config.settings
    known = [model.name for model in known_models(config)]
    if wish.mode is None:
        wish = replace(wish, mode=ask_mode(console, settings.id_updater_last_mode))
    if wish.mode == "battle" and wish.target is None:
        wish = replace(wish, target=ask_target(console, settings.id_updater_battle_target))
    if wish.model is None:
        model = ask_model(console, known)
        wish = replace(wish, model=model, new=model is not None and model not in known)
    elif wish.model not in known:
        wish = replace(wish, new=ask_new(console, wish.model, known))
    if wish.model is not None and not wish.append and (pool := config.sessions.get(wish.model)):
        wish = replace(wish, append=ask_append(console, wish.model, len(pool)))
    return wish


def _order(wish: Wish, config: Config) -> dict[str, Any]:
    """The body for the server. With --yes a name nobody knows yet is meant as it is."""
    order = {name: value for name, value in asdict(wish).items() if name != "yes" and value is not None}
    if wish.yes and wish.model is not None:
        order["new"] = True
    return order


def _tell(console: Console, told: dict[str, Any]) -> None:
    kind = f"battle, side {told['battle_target']}" if told["mode"] == "battle" else "direct chat"
    whose = "every model without a session of its own" if told["model"] is None else shown(told["model"])
    for name, value in (
        ("Captured in", shown(told["browser"] or "a tab that is gone")),
        ("session_id", told["session_id"]),
        ("message_id", told["message_id"]),
        ("kind", kind),
        ("for", whose),
        ("written to", told["file"]),
    ):
        console.print(Text.assemble((f"{name:12}", "bold" if name == "Captured in" else "dim"), value))


def _offer(
    console: Console, link: Link, home: Home, told: dict[str, Any], wish: Wish, *, asked: bool
) -> None:
    """One short request, if the person agrees. Raises BridgeError if that is not answered."""
    config = ConfigStore(home).current()
    model = told["model"] or _served_by_default(config)
    if model is None:
        console.print(_unused(config))
        return
    if not wish.yes and not (
        asked and click.confirm(f"Try it with a short request to {shown(model)}?", True)
    ):
        console.print(Text(f"To try it: a chat with the model {shown(model)} at {link.url}/v1", "dim"))
        return
    console.print(Text.assemble("Trying ", (shown(model), "bold"), f": {_QUESTION}"))
    key = config.settings.own_key
    run(print_answer(console, link.url, model, _QUESTION, key))


def _unused(config: Config) -> str:
    if known_models(config):
        return "Each of your models has a session of its own, so none uses this one yet."
    return "Next, a model that uses it: lmarena-bridge models update, then lmarena-bridge models add NAME"


def _served_by_default(config: Config) -> str | None:
    names = (model.name for model in known_models(config) if not config.sessions.get(model.name))
    return next(names, None)
