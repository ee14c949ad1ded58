"""Addresses that only this computer can reach."""

import pytest

from lmarena_bridge.outbound.local_addresses import is_local


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:5104/upload", True),
        ("http://localhost/upload", True),
        ("http://[::1]:5104", True),
        ("http://bed.localhost/", True),
        ("https://files.example.org/upload", False),
        ("http://192.168.1.7/upload", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_addresses_of_this_computer_are_known(address: str, local: bool) -> None:
    assert is_local(address) is local
