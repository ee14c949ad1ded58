import socket

import pytest
from structlog.testing import capture_logs

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.server.serving import listen, twins


def test_a_port_that_is_taken_is_said_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=r"already running\?.*--port"):
            listen("127.0.0.1", port)


def test_the_newer_address_family_is_listened_on_too() -> None:
    with listen("::1", 0) as listener:
        assert listener.family is socket.AF_INET6


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host.invalid"])
def test_an_address_that_is_not_of_this_machine_is_said(host: str) -> None:
    with pytest.raises(ConfigError, match="Cannot listen"):
        listen(host, 0)


def test_small_writes_do_not_wait_for_an_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()[:2]):
        accepted, _ = listener.accept()
        with accepted:
            # What asyncio looks at before it sets TCP_NODELAY.
            assert accepted.proto == socket.IPPROTO_TCP


def test_who_takes_localhost_for_the_newer_address_is_served_as_well() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        (twin,) = twins(listener)
        with twin:
            assert twin.getsockname()[:2] == ("::1", port)
            with capture_logs() as logs:
                assert twins(listener) == []
            assert "another program" in logs[0]["event"]


def test_any_other_address_has_no_twin() -> None:
    with listen("127.0.0.2", 0) as listener:
        assert twins(listener) == []
