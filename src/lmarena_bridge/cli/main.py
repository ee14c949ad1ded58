"""The console command: reads the command line and calls the file of the command.

Everything heavy is imported inside the commands, so that --help answers at once.
"""

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final, TextIO

import typer

from lmarena_bridge.cli.models.group import MODELS
from lmarena_bridge.cli.options import HomeOption, chosen_home
from lmarena_bridge.cli.session.group import SESSION
from lmarena_bridge.core.errors import BridgeError, ConfigError, PlaceTaken

APP: Final = typer.Typer(
    name="lmarena-bridge",
    help="Your own browser tab on LMArena as an API that every OpenAI client can use.",
    epilog="Without a command: serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
CONFIG: Final = typer.Typer(help="Look after the files of the home directory.", no_args_is_help=True)
APP.add_typer(CONFIG, name="config")
APP.add_typer(MODELS, name="models")
APP.add_typer(SESSION, name="session")


class DemoBrowser(StrEnum):
    """Who plays the tab in the demo."""

    CHROMIUM = "chromium"
    NONE = "none"


@APP.command()
def serve(
    home: HomeOption = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", show_default=False, help="Instead of the one in config.jsonc."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65_535, metavar="PORT", show_default=False, help="Instead of the one in config.jsonc."
        ),
    ] = None,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser", metavar="", help="Start your Chrome, Chromium or Edge with the userscript in it."
        ),
    ] = False,
    open_page: Annotated[
        bool, typer.Option("--open", metavar="", help="Open the start page in your browser.")
    ] = False,
) -> None:
    """Serve the API. The default command."""
    from lmarena_bridge.cli.serve import serve as run

    run(home=chosen_home(home), host=host, port=port, browser=browser, open_page=open_page)


@APP.command()
def demo(
    ask: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", show_default=False, help="Ask this one question, print the answer, end."
        ),
    ] = None,
    browser: Annotated[
        DemoBrowser, typer.Option(help="chromium: a real one, headless. none: a tab written in Python.")
    ] = DemoBrowser.CHROMIUM,
) -> None:
    """Show the whole way with nothing but this machine: a site of our own, a tab, the API."""
    try:
        from lmarena_bridge.cli.demo import demo as run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("lmarena_bridge"):
            raise
        raise ConfigError(
            f"The demo needs more packages than the program itself ({error.name} is missing). In the folder "
            'of LMArena Bridge: pip install ".[demo]"'
        ) from error
    run(ask=ask, browser=browser.value)


@APP.command()
def doctor(
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Ask a model for one word without asking you first."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Go through the whole chain, from the files to an answer; end with the one next thing to do."""
    from lmarena_bridge.cli.doctor.command import doctor as run

    if not run(chosen_home(home), yes=yes):
        raise typer.Exit(1)


@APP.command("file-bed")
def file_bed(
    home: HomeOption = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", show_default=False, help="Instead of the one in config.jsonc."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65_535, metavar="PORT", show_default=False, help="Instead of the one in config.jsonc."
        ),
    ] = None,
) -> None:
    """Serve the file bed alone. (The server has one within it.)"""
    from lmarena_bridge.cli.file_bed import file_bed as run

    run(home=chosen_home(home), host=host, port=port)


@APP.command("renew-secret")
def renew_secret(home: HomeOption = None) -> None:
    """Make a new pairing secret: every userscript must then be installed again."""
    from lmarena_bridge.cli.renew_secret import renew_secret as run

    run(chosen_home(home))


@APP.command()
def update(
    check: Annotated[
        bool, typer.Option("--check", metavar="", help="Only look; exit code 3: there is one.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", metavar="", help="Install it without asking you first.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Look for a newer version, show it, and install it if you say so."""
    from lmarena_bridge.cli.update.command import update as run

    if code := run(chosen_home(home), check=check, yes=yes):
        raise typer.Exit(code)


@CONFIG.command("check")
def config_check(home: HomeOption = None) -> None:
    """Check all files; say file, line, column and what was expected."""
    from lmarena_bridge.cli.config import check

    if not check(chosen_home(home)):
        raise typer.Exit(1)


@CONFIG.command("path")
def config_path(home: HomeOption = None) -> None:
    """Print the home directory."""
    typer.echo(chosen_home(home))


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lmarena-bridge {version('lmarena-bridge')}")
        raise typer.Exit


@APP.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", callback=_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        never_fail_to_print(stream)
    try:
        APP(with_default_command(sys.argv[1:] if arguments is None else arguments))
    except BridgeError as error:
        typer.secho(f"Error: {error.message}", err=True, fg=typer.colors.RED)
        # Like a wrong option: nothing was begun, and starting it again as it is changes nothing.
        sys.exit(2 if isinstance(error, PlaceTaken) else 1)


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """`serve` is meant when no command is named: `lmarena-bridge --port 5103`."""
    ours = ("-h", "--help", "--version")
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ours):
        return ["serve", *arguments]
    return list(arguments)


def never_fail_to_print(stream: TextIO) -> None:
    """Where a stream cannot show a character (a pipe in an old Windows code page), show a question mark."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
