import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lmarena_bridge.cli.link import NoServer, ServerRefused, linked
from lmarena_bridge.storage.home import Home, prepare_home
from lmarena_bridge.storage.running import Running, announced
from support.chain import chain


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path / "home")


@contextmanager
def listening(home: Home, answer: bytes | None) -> Iterator[None]:
    """A server of this home that takes one request and answers with these bytes; None: with nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        done = threading.Event()

        def serve() -> None:
            taken, _ = listener.accept()
            with closing(taken):
                taken.recv(65_536)
                if answer is None:
                    done.wait(20)
                else:
                    taken.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with announced(home, Running(1, "127.0.0.1", listener.getsockname()[1], 1.0)):
            yield
        done.set()
        thread.join(20)


def http(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


def test_without_a_server_the_command_that_starts_one_is_said(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoServer) as caught, linked(home):
        pass
    assert str(home.path) in caught.value.message
    assert caught.value.message.endswith(f'lmarena-bridge serve --home "{home.path}"')
    monkeypatch.setenv("LMARENA_BRIDGE_HOME", str(home.path))
    with pytest.raises(NoServer) as caught, linked(home):
        pass
    assert caught.value.message.endswith(": lmarena-bridge serve")


async def test_a_command_finds_the_server_of_its_home_and_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    async with chain(tmp_path, tab=False) as running:

        def ask() -> None:
            with linked(running.server.services.home) as link:
                assert link.url == running.server.url
                assert link.get("/healthz")["status"] == "ok"
                # 503, but what it says is an answer and no error
                assert link.get("/readyz")["ready"] is False
                with pytest.raises(ServerRefused) as caught:
                    link.post("/internal/no_such_thing", {"a": 1})
                # not 401: the token was right
                assert caught.value.status == 404
                assert caught.value.code == "unknown_url"
                assert "/internal/no_such_thing" in caught.value.message

        await asyncio.to_thread(ask)


def test_what_the_server_says_comes_as_values(home: Home) -> None:
    with listening(home, http(b"[1, 2]")), linked(home) as link:
        assert link.post("/internal/anything") == [1, 2]


def test_another_program_on_the_port_is_recognised(home: Home) -> None:
    page = http(b"<html>", "502 Bad Gateway")
    with listening(home, page), linked(home) as link, pytest.raises(NoServer, match="HTTP 502"):
        link.get("/healthz")


def test_a_server_that_stops_meanwhile_is_said(home: Home) -> None:
    with listening(home, b""), linked(home) as link, pytest.raises(NoServer, match="stopped"):
        link.get("/healthz")


def test_a_silent_server_is_given_up(home: Home) -> None:
    with listening(home, None), linked(home) as link, pytest.raises(NoServer, match="did not answer"):
        link.get("/healthz", timeout=0.05)


def test_a_server_that_cannot_be_reached_is_said(home: Home) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with (
        announced(home, Running(1, "127.0.0.1", port, 1.0)),
        linked(home) as link,
        pytest.raises(NoServer, match=f"127.0.0.1:{port} cannot be reached"),
    ):
        link.get("/healthz")
