"""The command line of `models`: reads it, and calls the file of the command."""

from pathlib import Path
from typing import Final

import rich_click as click

from lmarena_bridge.cli.options import HOME_OPTION, JSON_OPTION, chosen_home

TYPE_OPTION: Final = click.option(
    "--type", "kind", metavar="TYPE", help="Only this type: text, image, search, video."
)


@click.group()
def models() -> None:
    """See which models LMArena has, and choose which of them your API offers."""


@models.command()
@HOME_OPTION
@JSON_OPTION
def update(home: Path | None, as_json: bool) -> None:
    """Read the site's models through your open tab; say what is new, gone and changed."""
    from lmarena_bridge.cli.models.update import update as run

    run(chosen_home(home), as_json=as_json)


@models.command("list")
@click.argument("part", default="", help="Only models with this in a name.")
@TYPE_OPTION
@click.option("--organization", metavar="NAME", help="Only models of this organization.")
@click.option("--mapped/--unmapped", default=None, help="Only models your API offers, or only the others.")
@HOME_OPTION
@JSON_OPTION
def list_models(
    part: str,
    kind: str | None,
    organization: str | None,
    mapped: bool | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Show the site's models and what they are called in models.json."""
    from lmarena_bridge.cli.models.listing import Wanted
    from lmarena_bridge.cli.models.listing import list_models as run

    run(chosen_home(home), Wanted(part, kind, organization, mapped), as_json=as_json)


@models.command()
@click.argument("name", nargs=-1, help="Names or ids.")
@click.option("--all", "everything", is_flag=True, help="All models of the site.")
@TYPE_OPTION
@HOME_OPTION
def add(name: tuple[str, ...], everything: bool, kind: str | None, home: Path | None) -> None:
    """Put models of the site into models.json. What is set up there already stays as it is."""
    from lmarena_bridge.cli.models.adding import add as run

    if bool(name) == (everything or kind is not None):
        raise click.UsageError("Say which models: either their names, or --all, or --type TYPE.")
    run(chosen_home(home), name, kind)


@models.command()
@click.argument("name", nargs=-1, required=True, help="Names.")
@HOME_OPTION
def remove(name: tuple[str, ...], home: Path | None) -> None:
    """Take models out of models.json."""
    from lmarena_bridge.cli.models.removing import remove as run

    run(chosen_home(home), name)
