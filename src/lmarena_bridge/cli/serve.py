"""`lmarena-bridge serve`: the server, and what to do next."""

import webbrowser
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.logs import set_up_logs
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.saying import bold, link, quiet, say, warning
from lmarena_bridge.cli.stopping import told_to_stop
from lmarena_bridge.cli.systemd import keep_alive, notify
from lmarena_bridge.core.config.binding import is_loopback
from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel
from lmarena_bridge.core.site.pool import pool_of
from lmarena_bridge.core.tabs.script import NAME as USERSCRIPT
from lmarena_bridge.outbound.browser import ManagedBrowser, managed_browser
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.log_tail import LogTail

SITE = "https://lmarena.ai/"
ORIGINS = ("https://lmarena.ai", "https://arena.ai")


def serve(*, home: Path, host: str | None, port: int | None, browser: bool, open_page: bool) -> None:
    """Serve until told to stop."""
    tail = LogTail()
    set_up_logs(tail=tail)
    run(_serve(home, host, port, tail, browser=browser, open_page=open_page))


async def _serve(
    home: Path, host: str | None, port: int | None, tail: LogTail, *, browser: bool, open_page: bool
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(bridge_server(home, host=host, port=port, tail=tail))
        told = stack.enter_context(told_to_stop())
        say(greeting(server, own_window=browser))
        if open_page:
            webbrowser.open(server.url)
        if browser:
            await stack.enter_async_context(own_browser(server))
        notify("READY=1")
        async with beside(keep_alive()):
            await told.wait()
        notify("STOPPING=1")
        say("Stopping: answers on their way are finished first. Ctrl-C again stops at once.")


def greeting(server: BridgeServer, *, own_window: bool = False) -> str:
    """Where everything is, and the three next steps."""
    version = server.services.version
    install = f"Install the userscript, once:   {link(f'{server.url}/{USERSCRIPT}')}"
    open_site = f"Open the site, leave it open:   {link(SITE)}   its title gets a ✅"
    if own_window:
        install = "A browser window opens, with a profile of its own and the userscript in it."
        open_site = "Log in there if you want, and leave the window open; its title gets a ✅"
    lines = [
        "",
        f"{bold(f'LMArena Bridge {version}')} serves {link(f'{server.url}/v1', main=True)}",
        quiet(f"Your files are in {server.services.home.path}"),
        *_others(server),
        "",
        f"  Open {link(f'{server.url}/', main=True)}: that page leads you through. Or step by step:",
        "",
        f"  1. {install}",
        f"  2. {open_site}",
        f"  3. {next_step(server)}",
        "",
    ]
    return "\n".join(lines)


def _others(server: BridgeServer) -> tuple[str, ...]:
    """Who else can come in, if anybody can."""
    if is_loopback(server.address):
        return ()
    return (warning(f"Other computers can reach it ({server.address}); they need an API key."),)


def next_step(server: BridgeServer) -> str:
    """What keeps the first chat from working; if nothing does, how to have it."""
    config = server.services.configs.current()
    models = known_models(config)
    if not models:
        return f"Then choose models:   {bold('lmarena-bridge models update')} and {bold('models add NAME')}"
    usable = [model.name for model in models if _has_session(model, config)]
    if not usable:
        return f"Then capture a session:   {bold('lmarena-bridge session capture')}"
    return f"Chat:   base URL {link(f'{server.url}/v1')}, model {bold(usable[0])}"


def _has_session(model: ModelEntry, config: Config) -> bool:
    try:
        return bool(pool_of(model, config))
    except NoSessionForModel:
        return False


def own_browser(server: BridgeServer) -> AbstractAsyncContextManager[ManagedBrowser]:
    """The person's own browser, with a profile of its own and the userscript in it."""
    return managed_browser(
        server.services.home.state / "browser",
        script=server.userscript(),
        origins=ORIGINS,
        start_url=SITE,
    )
