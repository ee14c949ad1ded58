"""`lmarena-bridge demo`: the whole way with nothing but this machine.

The built-in arena stands in for the site, a headless browser with the real userscript for the person's tab;
everything between is what `serve` runs.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.status import Status

from lmarena_bridge.cli.ask import print_answer
from lmarena_bridge.cli.assembly import BridgeServer, bridge_server
from lmarena_bridge.cli.logs import set_up_logs
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.serve import ORIGINS
from lmarena_bridge.cli.stopping import told_to_stop
from lmarena_bridge.core.errors import ConfigError, NoTab
from lmarena_bridge.demo.arena import Arena, create_arena
from lmarena_bridge.demo.models import DEMO_MODELS, TOOL_MODELS, DemoModel
from lmarena_bridge.demo.python_tab import PythonTab
from lmarena_bridge.demo.serving import serve_plainly, serve_securely
from lmarena_bridge.outbound.browser import managed_browser
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.log_tail import LogTail

# A cold browser on a slow machine takes some seconds.
_TAB_WITHIN_SECONDS = 60
_SITE = "https://lmarena.ai"


def demo(*, ask: str | None, browser: str) -> None:
    """Show it; with `ask`, print one answer and end."""
    tail = LogTail()
    set_up_logs(logging.ERROR, tail=tail)
    run(_demo(ask, tail, real=browser != "none"))


async def _demo(ask: str | None, tail: LogTail, *, real: bool) -> None:
    console = Console(highlight=False)
    async with AsyncExitStack() as stack:
        with Status("Starting the arena, the browser and the bridge …", console=console):
            chain = demo_chain(real=real, port=None if ask is None else 0, tail=tail)
            running = await stack.enter_async_context(chain)
        if ask is None:
            told = stack.enter_context(told_to_stop())
            console.print(invitation(running.server), soft_wrap=True)
            await told.wait()
        else:
            await print_answer(console, running.server.url, DEMO_MODELS[0].name, ask)


@dataclass(frozen=True, slots=True)
class DemoChain:
    """Everything of a demo that runs."""

    server: BridgeServer
    arena: Arena


@asynccontextmanager
async def demo_chain(
    *, real: bool, port: int | None = None, tail: LogTail | None = None
) -> AsyncGenerator[DemoChain, None]:
    """A bridge with the arena's models, and a tab of the arena connected to it.

    `port`: None takes the usual one, or any if that is in use. `tail`: what the page shows of the log.
    Raises ConfigError, NoTab.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lmarena-bridge-demo-")))
        home = folder / "home"
        write_home(home)
        arena = create_arena(require_login=real)
        plain = await stack.enter_async_context(serve_plainly(arena))
        server = await stack.enter_async_context(_server(home, port, plain.base_url, tail))
        # The browser knows the arena as the site; links to pictures must open for everybody else, too.
        arena.image_base = plain.base_url
        tab = _browser(server, arena, folder) if real else _python_tab(server, plain.base_url)
        await stack.enter_async_context(tab)
        await until_connected(server)
        yield DemoChain(server, arena)


@asynccontextmanager
async def _server(
    home: Path, port: int | None, arena: str, tail: LogTail | None
) -> AsyncGenerator[BridgeServer, None]:
    def server(at: int | None) -> AbstractAsyncContextManager[BridgeServer]:
        return bridge_server(home, port=at, trusted_pictures=(arena,), tail=tail)

    async with AsyncExitStack() as stack:
        try:
            running = await stack.enter_async_context(server(port))
        except ConfigError:
            if port is not None:
                raise
            running = await stack.enter_async_context(server(0))
        yield running


def write_home(home: Path, models: tuple[DemoModel, ...] = DEMO_MODELS + TOOL_MODELS) -> None:
    """The files of a person who has mapped all models of the arena."""
    home.mkdir(parents=True)
    names = {model.name: _mapped(model) for model in models}
    sessions = {model.name: _session(model) for model in models}
    (home / "models.json").write_text(json.dumps(names, indent=2), encoding="utf-8")
    (home / "model_endpoint_map.json").write_text(json.dumps(sessions, indent=2), encoding="utf-8")


def _mapped(model: DemoModel) -> str | None:
    if model in TOOL_MODELS:
        return None  # whatever model the session has: those of the list are others
    return model.model_id if model.kind == "text" else f"{model.model_id}:{model.kind}"


def _session(model: DemoModel) -> dict[str, str]:
    session = {"session_id": model.session_id, "message_id": model.message_id, "mode": model.mode}
    return session if model.battle_target is None else {**session, "battle_target": model.battle_target}


@asynccontextmanager
async def _browser(server: BridgeServer, arena: Arena, folder: Path) -> AsyncGenerator[None, None]:
    async with (
        serve_securely(arena, folder) as secure,
        managed_browser(
            folder / "browser",
            script=server.userscript(),
            origins=ORIGINS,
            start_url=f"{_SITE}/c/{DEMO_MODELS[0].session_id}",
            headless=True,
            arguments=secure.chromium_arguments,
        ),
    ):
        yield


def _python_tab(server: BridgeServer, site: str) -> AbstractAsyncContextManager[None]:
    tab = PythonTab(
        server=server.socket_url,
        secret=server.services.secret,
        version=server.services.version,
        site=site,
        origin=_SITE,
    )
    return beside(tab.run())


async def until_connected(server: BridgeServer) -> None:
    """Return when a tab is connected. Raises NoTab if none comes."""
    hub = server.services.hub
    changed = asyncio.Event()
    forget = hub.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(_TAB_WITHIN_SECONDS):
            while not any(tab.connected for tab in hub.tabs):
                changed.clear()
                await changed.wait()
    except TimeoutError as error:
        raise NoTab(
            f"The browser's tab did not connect within {_TAB_WITHIN_SECONDS} s. Try again, or use the tab "
            "without a browser: lmarena-bridge demo --browser none"
        ) from error
    finally:
        forget()


def invitation(server: BridgeServer) -> str:
    """What to paste where."""
    base, model = f"{server.url}/v1", DEMO_MODELS[0].name
    question = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello!"}]}
    models = "\n".join(f"  [bold]{each.name:<19}[/bold] {each.blurb}" for each in DEMO_MODELS + TOOL_MODELS)
    return _INVITATION.format(base=base, model=model, body=json.dumps(question), models=models)


_INVITATION = """
[bold]The demo is ready.[/bold] A browser tab on the built-in arena answers; nothing leaves this machine.

  base URL   [bold cyan]{base}[/bold cyan]
  API key    any text

[dim]# curl[/dim]
curl -N {base}/chat/completions -H 'Content-Type: application/json' \\
  -d '{body}'

[dim]# Python, after: pip install openai[/dim]
from openai import OpenAI
client = OpenAI(base_url="{base}", api_key="any")
question = [{{"role": "user", "content": "Hello!"}}]
for chunk in client.chat.completions.create(model="{model}", messages=question, stream=True):
    print(chunk.choices[0].delta.content or "", end="", flush=True)

[dim]# Models[/dim]
{models}

Ctrl-C stops.
"""
