"""The command line of `session`: reads it, and calls the file of the command."""

from pathlib import Path
from typing import Literal

import rich_click as click

from lmarena_bridge.cli.options import HOME_OPTION, JSON_OPTION, chosen_home


@click.group()
def session() -> None:
    """Choose which of your chats on LMArena answer, and see how each is doing."""


@session.command()
@click.option("--mode", type=click.Choice(["direct_chat", "battle"]), help="The kind of chat you click in.")
@click.option(
    "--target",
    type=click.Choice(["A", "B"], case_sensitive=False),
    metavar="A|B",
    help="In a battle: the side you click on. A is left.",
)
@click.option(
    "--model",
    metavar="NAME",
    help="The model whose session it is. Else it serves all models without one of their own.",
)
@click.option("--append", is_flag=True, help="Keep the model's other sessions; take turns.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing; try the session with a short request.")
@click.option(
    "--timeout",
    type=click.FloatRange(1, 3600),
    default=120.0,
    metavar="S",
    show_default=True,
    help="Seconds to wait for the click.",
)
@HOME_OPTION
def capture(
    mode: Literal["direct_chat", "battle"] | None,
    target: Literal["A", "B"] | None,
    model: str | None,
    append: bool,
    yes: bool,
    timeout: float,
    home: Path | None,
) -> None:
    """Wait for your click on Retry in the tab, and use that chat from then on."""
    from lmarena_bridge.cli.session.capture import Wish
    from lmarena_bridge.cli.session.capture import capture as run

    wish = Wish(mode, target, model, append, yes, timeout)
    run(chosen_home(home), wish)


@session.command("list")
@HOME_OPTION
@JSON_OPTION
def list_sessions(home: Path | None, as_json: bool) -> None:
    """Show the sessions of your files and, if the bridge runs, how each is doing."""
    from lmarena_bridge.cli.session.listing import list_sessions as run

    run(chosen_home(home), as_json=as_json)
