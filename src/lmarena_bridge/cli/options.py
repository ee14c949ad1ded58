"""Options that several commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        show_default=False,
        help="Where config.jsonc and the other files are. Else $LMARENA_BRIDGE_HOME, else this directory "
        "if it holds a config.jsonc, else the usual place of this system.",
    ),
]


def chosen_home(option: Path | None) -> Path:
    """The home that a command works with."""
    from lmarena_bridge.storage.home import find_home

    return find_home(option, os.environ, Path.cwd())
