"""`models add`: models of the site into models.json."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from lmarena_bridge.cli.terminal import is_terminal, shown, terminal
from lmarena_bridge.core.errors import UnknownModel
from lmarena_bridge.core.site.catalogue import Catalogue
from lmarena_bridge.core.site.model_additions import Additions, plan_additions
from lmarena_bridge.core.site.site_model import SiteModel
from lmarena_bridge.server.known_models import read_site, with_sessions
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import prepare_home

# So many are told by name on a terminal.
_MOST = 30


def add(path: Path, names: Sequence[str], kind: str | None) -> None:
    """Add the models of these names, or all (of a type).

    Raises UnknownModel, ConfigError, and then nothing is added.
    """
    home = prepare_home(path)
    known = read_site(home)
    site = known.site
    chosen = _named(site, names) if names else _of_type(site, kind)
    plan = plan_additions(chosen, site, known.mapped)
    ConfigWriter(home).add_models(plan.new | plan.renewed)
    _tell(plan, [name for name in plan.new if name not in with_sessions(home)])


def _of_type(site: Catalogue, kind: str | None) -> list[SiteModel]:
    if kind is None:
        return list(site.models)
    wanted = "text" if kind.casefold() == "chat" else kind.casefold()
    chosen = [model for model in site.models if model.kind == wanted]
    if not chosen:
        types = ", ".join(sorted({model.kind for model in site.models}))
        raise UnknownModel(f"The site has no models of the type {kind!r}. It has: {types}.")
    return chosen


def _named(site: Catalogue, names: Sequence[str]) -> list[SiteModel]:
    """All names are looked at before anything is done; what is wrong is said of all of them."""
    chosen: list[SiteModel] = []
    wrong: list[str] = []
    for name in names:
        try:
            chosen += _one_name(site, name)
        except UnknownModel as error:
            wrong.append(error.message)
    if wrong:
        raise UnknownModel("\n".join(wrong))
    return chosen


def _one_name(site: Catalogue, name: str) -> Sequence[SiteModel]:
    models = site.named(name)
    if len(models) == 1:
        return models
    if is_terminal():
        return _ask(site, name, models)
    choices = "".join(f"\n  {shown(site.name_of(model))}  {model.id}" for model in models)
    raise UnknownModel(f"The site has {len(models)} models named {name!r}. Say which:{choices}")


def _ask(site: Catalogue, name: str, models: Sequence[SiteModel]) -> Sequence[SiteModel]:
    console = terminal()
    console.print(Text(f"The site has {len(models)} models named {shown(name)}:"))
    for number, model in enumerate(models, 1):
        details = f"{model.kind} from {'+'.join(model.inputs) or 'anything'}, {model.id}"
        console.print(Text(f"  {number}  {shown(site.name_of(model))}  ({details})"))
    while True:
        answer = click.prompt("Which? A number, or all", default="all").strip().casefold()
        if answer == "all":
            return models
        if answer.isdecimal() and 1 <= int(answer) <= len(models):
            return (models[int(answer) - 1],)


def _tell(plan: Additions, without_session: Sequence[str]) -> None:
    console = terminal()
    for names, style, mark in ((plan.new, "green", "+"), (plan.renewed, "green", "~")):
        most = _MOST if console.is_terminal else len(names)
        for name, value in list(names.items())[:most]:
            console.print(Text.assemble(f"  {mark} ", (shown(name), style), (f"  {value}", "dim")))
        if len(names) > most:
            console.print(Text(f"  {mark} … and {len(names) - most} more", style))
    for name in plan.taken:
        console.print(
            Text(
                f"  ! {shown(name)} stands for something else in models.json and stays. To change that: "
                "lmarena-bridge models remove NAME first.",
                "yellow",
            )
        )
    for line in _sum(plan, without_session):
        console.print(line)


def _sum(plan: Additions, without_session: Sequence[str]) -> list[Text]:
    counts = {
        "added": len(plan.new),
        "renewed": len(plan.renewed),
        "already there": len(plan.known),
        "left as they are": len(plan.taken),
    }
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    lines = [Text(f"models.json: {said}.", "bold")]
    if without_session:
        lines.append(Text(f"Without a session of its own: {_some(without_session)}. To capture one:"))
        lines.append(Text(f"  lmarena-bridge session capture --model {_quoted(without_session[0])}"))
    return lines


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(shown, names[:3])) + more


def _quoted(name: str) -> str:
    """As it can be typed in a shell, whichever that is."""
    return shown(name) if name.replace("-", "").replace(".", "").isalnum() else f'"{shown(name)}"'
