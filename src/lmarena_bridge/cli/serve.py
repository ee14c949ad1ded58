"""`lmarena-bridge serve`: the server, and what to do next."""

import webbrowser
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.logs import set_up_logs
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.stopping import until_told_to_stop
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.target import choose_target, known_models

SITE = "https://lmarena.ai/"


def serve(*, home: Path, host: str | None, port: int | None, browser: bool, open_page: bool) -> None:
    """Serve until told to stop."""
    set_up_logs()
    run(_serve(home, host, port, browser=browser, open_page=open_page))


async def _serve(home: Path, host: str | None, port: int | None, *, browser: bool, open_page: bool) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(bridge_server(home, host=host, port=port))
        console = Console(highlight=False)
        console.print(greeting(server))
        if open_page:
            webbrowser.open(server.url)
        if browser:
            await stack.enter_async_context(own_browser(server))
        await until_told_to_stop()
        console.print("Stopping: answers on their way are finished first. Ctrl-C again stops at once.")


def greeting(server: BridgeServer) -> str:
    """Where everything is, and the three next steps."""
    config = server.services.configs.current()
    return "\n".join(
        [
            f"\n[bold]LMArena Bridge {server.services.version}[/bold]   {server.url}/v1   [dim]files: {server.home.path}[/dim]\n",
            f"  1. Install the userscript (once):  [link]{server.url}/LMArenaApiBridge.user.js[/link]",
            f"  2. Open the site and leave it open:  {SITE}   (the tab's title gets a ✅)",
            f"  3. {missing(config)}\n",
        ]
    )


def missing(config: Config) -> str:
    """What keeps the first chat from working; if nothing does, how to try it."""
    names = [entry.name for entry in known_models(config)]
