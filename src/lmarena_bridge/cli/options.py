"""Options that several commands have."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import rich_click as click

_HIGHEST_PORT: Final = 65_535

HOME_OPTION: Final = click.option(
    "--home",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where config.jsonc and the other files are. Else $LMARENA_BRIDGE_HOME, else this directory "
    "if it holds a config.jsonc, else the usual place of this system.",
)
HOST_OPTION: Final = click.option("--host", metavar="ADDRESS", help="Instead of the one in config.jsonc.")
JSON_OPTION: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def port_option(*, at_least: int) -> Callable[[Any], Any]:
    """`--port`; 0, where it is allowed, takes a free one."""
    return click.option(
        "--port",
        type=click.IntRange(at_least, _HIGHEST_PORT),
        metavar="PORT",
        help="Instead of the one in config.jsonc.",
    )


def chosen_home(option: Path | None) -> Path:
    """The home that a command works with."""
    from lmarena_bridge.storage.home import find_home

    return find_home(option, os.environ, Path.cwd())
