import base64
import re

import pytest

from lmarena_bridge.core.config.update_checks import PublicKey, ReleaseAddress

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://releases.example.org/bridge/manifest.json",
        "HTTPS://releases.example.org:8443",
        "http://127.0.0.1:8080/manifest.json",
        "http://localhost/m",
        "http://[::1]:9/m?x=1",
    ],
)
def test_addresses_that_nobody_on_the_way_can_change_are_taken(address: str) -> None:
    assert ReleaseAddress().read(f" {address} ") == address
    assert re.search(ReleaseAddress().schema["pattern"], address)


@pytest.mark.parametrize(
    "address",
    [
        "http://releases.example.org/",
        "http://127.0.0.1.example.org/",
        "http://localhost:1@example.org/",
        "https://user:password@example.org/",
        "https://",
        "https:///manifest",
        "https://a b",
        "file:///manifest.json",
        "ftp://example.org",
        "example.org",
        5,
        None,
    ],
)
def test_others_are_refused(address: object) -> None:
    with pytest.raises(ValueError):
        ReleaseAddress().read(address)
    if isinstance(address, str):
        assert not re.search(ReleaseAddress().schema["pattern"], address)


@pytest.mark.parametrize("key", ["", KEY])
def test_a_key_is_32_bytes_or_none(key: str) -> None:
    assert PublicKey().read(f"{key}\n") == key
    assert re.search(PublicKey().schema["pattern"], key)


@pytest.mark.parametrize("key", [KEY[:-1], KEY[:-4], f"{KEY}{KEY}", "secret", "ä" * 44, f"{KEY[:43]}!", 5])
def test_what_is_no_key_is_refused(key: object) -> None:
    with pytest.raises(ValueError):
        PublicKey().read(key)
    if isinstance(key, str):
        assert not re.search(PublicKey().schema["pattern"], key)
