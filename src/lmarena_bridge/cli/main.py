"""The console command: reads the command line and calls the file of the command.

Everything heavy is imported inside the commands, so that --help answers at once.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import rich_click as click

from lmarena_bridge.cli.models.group import models
from lmarena_bridge.cli.options import HOME_OPTION, HOST_OPTION, chosen_home, port_option
from lmarena_bridge.cli.session.group import session
from lmarena_bridge.cli.without import without
from lmarena_bridge.core.errors import BridgeError, ConfigError, PlaceTaken

# What its log could do with them: tracebacks in colours, and threads that are none.
_NEVER_ASKED_OF_A_SERVER = ("rich", "greenlet")

# What shells expect of a program that Ctrl-C has ended.
_INTERRUPTED = 130


class Program(click.RichGroup):
    """The whole command line. Ctrl-C ends it without a word: nothing is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a person needs them."""
        return list(self.commands)


@click.group(
    cls=Program,
    epilog="Without a command: serve.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    package_name="lmarena-bridge", message="lmarena-bridge %(version)s", help="Print the version and end."
)
def program() -> None:
    """Your own browser tab on LMArena as an API that every OpenAI client can use."""


@program.command()
@HOME_OPTION
@HOST_OPTION
@port_option(at_least=1)
@click.option(
    "--browser", is_flag=True, help="Start your Chrome, Chromium or Edge with the userscript in it."
)
@click.option("--open", "open_page", is_flag=True, help="Open the start page in your browser.")
def serve(home: Path | None, host: str | None, port: int | None, browser: bool, open_page: bool) -> None:
    """Serve the API. The default command."""
    with without(*_NEVER_ASKED_OF_A_SERVER):
        from lmarena_bridge.cli.serve import serve as run

    run(home=chosen_home(home), host=host, port=port, browser=browser, open_page=open_page)


@program.command()
@click.option("--ask", metavar="TEXT", help="Ask this one question, print the answer, end.")
@click.option(
    "--browser",
    type=click.Choice(["chromium", "none"]),
    default="chromium",
    show_default=True,
    help="chromium: a real one, headless. none: a tab written in Python.",
)
def demo(ask: str | None, browser: str) -> None:
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
    run(ask=ask, browser=browser)


@program.command()
@click.option("--yes", "-y", is_flag=True, help="Ask a model for one word without asking you first.")
@HOME_OPTION
def doctor(yes: bool, home: Path | None) -> None:
    """Go through the whole chain, from the files to an answer; end with the one next thing to do."""
    from lmarena_bridge.cli.doctor.command import doctor as run

    if not run(chosen_home(home), yes=yes):
        sys.exit(1)


@program.command("file-bed")
@HOME_OPTION
@HOST_OPTION
@port_option(at_least=0)
def file_bed(home: Path | None, host: str | None, port: int | None) -> None:
    """Serve the file bed alone. (The server has one within it.)"""
    with without(*_NEVER_ASKED_OF_A_SERVER):
        from lmarena_bridge.cli.file_bed import file_bed as run

    run(home=chosen_home(home), host=host, port=port)


@program.command("renew-secret")
@HOME_OPTION
def renew_secret(home: Path | None) -> None:
    """Make a new pairing secret: every userscript must then be installed again."""
    from lmarena_bridge.cli.renew_secret import renew_secret as run

    run(chosen_home(home))


@program.command()
@click.option("--check", is_flag=True, help="Only look; exit code 3: there is one.")
@click.option("--yes", "-y", is_flag=True, help="Install it without asking you first.")
@HOME_OPTION
def update(check: bool, yes: bool, home: Path | None) -> None:
    """Look for a newer version, show it, and install it if you say so."""
    from lmarena_bridge.cli.update.command import update as run

    sys.exit(run(chosen_home(home), check=check, yes=yes))


@program.group()
def config() -> None:
    """Look after the files of the home directory."""


@config.command("check")
@HOME_OPTION
def config_check(home: Path | None) -> None:
    """Check all files; say file, line, column and what was expected."""
    from lmarena_bridge.cli.config import check

    if not check(chosen_home(home)):
        sys.exit(1)


@config.command("path")
@HOME_OPTION
def config_path(home: Path | None) -> None:
    """Print the home directory."""
    click.echo(chosen_home(home))


program.add_command(models)
program.add_command(session)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        never_fail_to_print(stream)
    try:
        program(with_default_command(sys.argv[1:] if arguments is None else arguments))
    except BridgeError as error:
        click.secho(f"Error: {error.message}", err=True, fg="red")
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
