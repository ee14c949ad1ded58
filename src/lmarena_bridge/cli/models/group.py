"""The command line of `models`: reads it, and calls the file of the command."""

from typing import Annotated, Final

import typer

from lmarena_bridge.cli.options import HomeOption, chosen_home

MODELS: Final = typer.Typer(
    help="See which models LMArena has, and choose which of them your API offers.", no_args_is_help=True
)

TypeOption = Annotated[
    str | None,
    typer.Option(
        "--type", metavar="TYPE", show_default=False, help="Only this type: text, image, search, video."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON, for programs.")]


@MODELS.command()
def update(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Read the site's models through your open tab; say what is new, gone and changed."""
    from lmarena_bridge.cli.models.update import update as run

    run(chosen_home(home), as_json=as_json)


@MODELS.command("list")
def list_models(
    text: Annotated[
        str, typer.Argument(metavar="FILTER", show_default=False, help="Only models with this in a name.")
    ] = "",
    kind: TypeOption = None,
    organization: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default=False, help="Only models of this organization."),
    ] = None,
    mapped: Annotated[
        bool | None,
        typer.Option(
            "--mapped/--unmapped", show_default=False, help="Only models your API offers, or only the others."
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the site's models and what they are called in models.json."""
    from lmarena_bridge.cli.models.listing import Wanted
    from lmarena_bridge.cli.models.listing import list_models as run

    run(chosen_home(home), Wanted(text, kind, organization, mapped), as_json=as_json)


@MODELS.command()
def add(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", show_default=False, help="Names or ids.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", metavar="", help="All models of the site.")] = False,
    kind: TypeOption = None,
    home: HomeOption = None,
) -> None:
    """Put models of the site into models.json. What is set up there already stays as it is."""
    from lmarena_bridge.cli.models.adding import add as run

    if bool(names) == (everything or kind is not None):
        raise typer.BadParameter("Say which models: either their names, or --all, or --type TYPE.")
    run(chosen_home(home), names or [], kind)


@MODELS.command()
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", show_default=False, help="Names.")],
    home: HomeOption = None,
) -> None:
    """Take models out of models.json."""
    from lmarena_bridge.cli.models.removing import remove as run

    run(chosen_home(home), names)
