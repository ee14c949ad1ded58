"""`lmarena-bridge file-bed`: the file bed alone."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from lmarena_bridge.cli.assembly import report
from lmarena_bridge.cli.file_bed_parts import file_bed_of, keys_alone
from lmarena_bridge.cli.logs import set_up_logs
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.saying import link, say
from lmarena_bridge.cli.stopping import told_to_stop
from lmarena_bridge.core.config.binding import is_loopback
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.filebed.app import UPLOAD, create_file_bed
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.entrance import Entrance
from lmarena_bridge.server.guard import Access
from lmarena_bridge.server.serving import accepting, connections, listen
from lmarena_bridge.server.wire import App
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.running import Running

_GRACE_SECONDS = 10


def file_bed(*, home: Path, host: str | None, port: int | None) -> None:
    """Serve until told to stop."""
    set_up_logs()
    run(_serve(home, host, port))


async def _serve(home: Path, host: str | None, port: int | None) -> None:
    async with file_bed_server(home, host=host, port=port) as url:
        with told_to_stop() as told:
            say(f"The file bed takes files at {link(url + UPLOAD, main=True)}")
            await told.wait()
        say("Stopping: uploads on their way are finished first. Ctrl-C again stops at once.")


@asynccontextmanager
async def file_bed_server(
    path: Path, *, host: str | None = None, port: int | None = None
) -> AsyncGenerator[str, None]:
    """Serve the file bed of the home at `path` while the context lasts, and say where. Raises ConfigError."""
    home = prepare_home(path)
    store = ConfigStore(home, report)
    settings = store.current().settings
    address = host or settings.file_bed_host
    _refuse_open_binding(address, settings)
    taken = settings.file_bed_port if port is None else port
    with listen(address, taken, setting="file_bed_port") as listener:
        url = Running(pid=0, host=address, port=listener.getsockname()[1], started=0).url
        bed = file_bed_of(home, lambda: store.current().settings, keys=keys_alone, url=url)
        app = _guarded(create_file_bed(bed), lambda: store.current().settings)
        config = uvicorn.Config(
            app,
            http=connections(),
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        async with beside(bed.keep_tidy()), accepting(config, listener):
            yield url


def _refuse_open_binding(host: str, settings: Settings) -> None:
    if not is_loopback(host) and not keys_alone(settings):
        raise ConfigError(
            f'The file bed would listen on "{host}" without a key, so that everybody there could fill your '
            'disk: set a "file_bed_api_key" in config.jsonc, or let "file_bed_host" be "127.0.0.1".'
        )


def _guarded(app: App, settings: Callable[[], Settings]) -> App:
    def access() -> Access:
        now = settings()
        hosts, origins = tuple(now.allowed_hosts), tuple(now.allowed_origins)
        return Access((), "", allowed_hosts=hosts, allowed_origins=origins)

    return Entrance(app, access, time.monotonic)
