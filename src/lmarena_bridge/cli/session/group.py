"""The command line of `session`: reads it, and calls the file of the command."""

from typing import Annotated, Final, Literal

import typer

from lmarena_bridge.cli.options import HomeOption, chosen_home

SESSION: Final = typer.Typer(
    help="Choose which of your chats on LMArena answer, and see how each is doing.", no_args_is_help=True
)


@SESSION.command()
def capture(
    mode: Annotated[
        Literal["direct_chat", "battle"] | None,
        typer.Option(show_default=False, help="The kind of chat you click in."),
    ] = None,
    target: Annotated[
        Literal["A", "B"] | None,
        typer.Option(
            case_sensitive=False,
            metavar="A|B",
            show_default=False,
            help="In a battle: the side you click on. A is left.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="The model whose session it is. Else it serves all models without one of their own.",
        ),
    ] = None,
    append: Annotated[
        bool, typer.Option("--append", metavar="", help="Keep the model's other sessions; take turns.")
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Ask nothing; try the session with a short request."),
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=1, max=3600, metavar="S", help="Seconds to wait for the click.")
    ] = 120.0,
    home: HomeOption = None,
) -> None:
    """Wait for your click on Retry in the tab, and use that chat from then on."""
    from lmarena_bridge.cli.session.capture import Wish
    from lmarena_bridge.cli.session.capture import capture as run

    wish = Wish(mode, target, model, append, yes, timeout)
    run(chosen_home(home), wish)


@SESSION.command("list")
def list_sessions(
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", metavar="", help="Print JSON, for programs.")] = False,
) -> None:
    """Show the sessions of your files and, if the bridge runs, how each is doing."""
    from lmarena_bridge.cli.session.listing import list_sessions as run

    run(chosen_home(home), as_json=as_json)
