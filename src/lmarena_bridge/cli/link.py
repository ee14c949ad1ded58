"""How a command talks to the running server of its home, whatever its port."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx2

from lmarena_bridge.cli.commands_from_here import serve_command
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.running import Running, find_running
from lmarena_bridge.storage.secret import read_or_create

# A server on this machine that does not take a connection at once is none any more.
_CONNECT_SECONDS: Final = 5.0
# What takes longer, like waiting for a person's click, says so itself.
_ANSWER_SECONDS: Final = 60.0


class NoServer(BridgeError):
    """No server works with this home, or it cannot be talked to."""

    status = 503
    code = "no_server"


class ServerRefused(BridgeError):
    """The server's own error, in its own words."""

    def __init__(self, message: str, *, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Link:
    """A running server; its answers are JSON."""

    def __init__(self, running: Running, client: httpx2.Client) -> None:
        self.running = running
        self._client = client

    @property
    def url(self) -> str:
        """The server's address as this computer sees it."""
        return self.running.url

    def get(self, path: str, *, timeout: float = _ANSWER_SECONDS) -> Any:
        """What the server says under `path`. `timeout` in seconds; raises NoServer, ServerRefused."""
        return self._ask("GET", path, None, timeout)

    def post(self, path: str, body: object = None, *, timeout: float = _ANSWER_SECONDS) -> Any:
        """Send `body` as JSON. Like `get`; leaving (Ctrl-C) closes the connection, and the server notices."""
        return self._ask("POST", path, body, timeout)

    def _ask(self, method: str, path: str, body: object, timeout: float) -> Any:
        limits = httpx2.Timeout(timeout, connect=_CONNECT_SECONDS)
        try:
            response = self._client.request(method, path, json=body, timeout=limits)
        except httpx2.ConnectError as error:
            raise NoServer(f"The bridge at {self.url} cannot be reached: {error}") from error
        except httpx2.TimeoutException as error:
            raise NoServer(
                f"The bridge at {self.url} did not answer within {timeout:.0f} s. Its log says what it does."
            ) from error
        except httpx2.TransportError as error:
            raise NoServer(f"The bridge at {self.url} stopped while it was asked: start it again.") from error
        return self._read(response)

    def _read(self, response: httpx2.Response) -> Any:
        try:
            said = response.json()
        except ValueError as error:
            raise NoServer(
                f"What listens at {self.url} is not this version of the bridge (it answered HTTP "
                f"{response.status_code} without JSON). Restart it: lmarena-bridge serve"
            ) from error
        wrong = said.get("error") if isinstance(said, Mapping) else None
        if isinstance(wrong, Mapping):
            raise ServerRefused(
                str(wrong.get("message")), status=response.status_code, code=str(wrong.get("code"))
            )
        return said


@contextmanager
def linked(home: Home) -> Generator[Link, None, None]:
    """The server that works with this home. Raises NoServer with the command that starts it, ConfigError."""
    running = find_running(home)
    if running is None:
        raise NoServer(
            f"No bridge runs with the files in {home.path}. Start it in another terminal: "
            f"{serve_command(home)}"
        )
    headers = {
        "authorization": f"Bearer {read_or_create(home, 'internal_token')}",
        # The server answers to the names of this machine only, wherever it listens.
        "host": f"localhost:{running.port}",
    }
    # No proxy of the environment: it could not reach this machine, and must not see the token.
    with httpx2.Client(base_url=running.url, headers=headers, trust_env=False) as client:
        yield Link(running, client)
