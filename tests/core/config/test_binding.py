import pytest

from lmarena_bridge.core.config.binding import is_loopback, refuse_open_binding
from lmarena_bridge.core.errors import ConfigError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", " LocalHost "])
def test_these_addresses_reach_this_computer_only(host: str) -> None:
    assert is_loopback(host)
    refuse_open_binding(host, ())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "my-pc.local", "127.0.0.1.example.org", ""])
def test_any_other_address_needs_a_key(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ConfigError, match='set an "api_key" in') as caught:
        refuse_open_binding(host, ())
    assert caught.value.param == "host"
    refuse_open_binding(host, ("a key",))
