"""`lmarena-bridge renew-secret`: every userscript that was installed before is worth nothing."""

from pathlib import Path
from typing import Final

from rich.console import Console

from lmarena_bridge.cli.link import linked
from lmarena_bridge.server.routes.userscript import NAME
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.running import find_running
from lmarena_bridge.storage.secret import renew

_DONE: Final = (
    "The pairing secret was renewed: userscripts that were installed before cannot connect any more."
)


def renew_secret(path: Path) -> None:
    """Through the running server, so that it sends its tabs away; else in the files. Raises BridgeError."""
    home, console = prepare_home(path), Console(highlight=False)
    if find_running(home) is None:
        renew(home)
        console.print(f"{_DONE} After the next start install the userscript again, from the start page.")
        return
    with linked(home) as link:
        link.post("/internal/renew_secret")
        console.print(f"{_DONE}\nInstall it again:   [cyan]{link.url}{NAME}[/cyan]   then reload the tab.")
        console.print("A window that serve --browser has opened gets it with the next start.")
