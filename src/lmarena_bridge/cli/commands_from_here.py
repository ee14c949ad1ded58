"""Commands of ours as a person has to type them."""

import os
from pathlib import Path

from lmarena_bridge.storage.home import Home, find_home


def serve_command(home: Home) -> str:
    """The command that starts a server for this home, from here."""
    return command_for("serve", home)


def command_for(name: str, home: Home) -> str:
    """A command of ours for this home, from here."""
    command = f"lmarena-bridge {name}"
    found = find_home(None, os.environ, Path.cwd())
    return command if found == home.path else f'{command} --home "{home.path}"'
