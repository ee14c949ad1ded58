import pytest

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.key_limits import KeyLimits, WrongKeys

PHONE = ApiKey("secret", "phone", 2)
LAN = "192.168.1.7"


def seconds(refusal: BridgeError | None) -> float:
    assert refusal is not None
    assert refusal.status == 429
    assert refusal.retry_after is not None
    return refusal.retry_after


def test_a_key_has_its_requests_of_any_minute_and_then_waits() -> None:
    limits = KeyLimits()
    assert limits.take(PHONE, 0) is None
    assert limits.take(PHONE, 30) is None
    assert seconds(limits.take(PHONE, 31)) == 29
    assert limits.take(PHONE, 60) is None
    assert seconds(limits.take(PHONE, 61)) == 29


def test_the_refusal_names_the_key_and_the_setting_but_not_the_secret() -> None:
    limits = KeyLimits()
    once = ApiKey("secret", "phone", 1)
    limits.take(once, 0)
    refusal = limits.take(once, 0)
    assert refusal is not None
    assert '"phone"' in refusal.message
    assert "requests_per_minute" in refusal.message
    assert "secret" not in refusal.message


def test_keys_do_not_use_up_each_others_and_a_key_without_a_limit_has_none() -> None:
    limits = KeyLimits()
    for _ in range(2):
        assert limits.take(PHONE, 0) is None
    assert limits.take(ApiKey("other", "desk", 2), 0) is None
    for _ in range(1000):
        assert limits.take(ApiKey("free", "free"), 0) is None


def guess(wrong: WrongKeys, address: str, times: int, now: float = 0) -> list[int]:
    return [0 if wrong.wrong(address, now) is None else 429 for _ in range(times)]


def test_ten_wrong_keys_a_minute_are_told_so_and_more_have_to_wait() -> None:
    wrong = WrongKeys()
    assert guess(wrong, LAN, 12) == [0] * 10 + [429] * 2
    assert seconds(wrong.wrong(LAN, 20)) == 40
    assert guess(wrong, LAN, 1, now=60) == [0]


def test_who_guesses_learns_nothing_even_when_he_guesses_right() -> None:
    wrong = WrongKeys()
    guess(wrong, LAN, 10)
    assert seconds(wrong.right(LAN, PHONE, 30)) == 30
    assert wrong.right(LAN, PHONE, 60) is None


def test_a_client_that_worked_before_is_not_locked_out_by_its_neighbour() -> None:
    wrong = WrongKeys()
    assert wrong.right(LAN, PHONE, 0) is None
    guess(wrong, LAN, 20)
    assert wrong.right(LAN, PHONE, 1) is None
    assert wrong.right("192.168.1.8", PHONE, 1) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_on_this_computer_the_right_key_always_works(address: str) -> None:
    wrong = WrongKeys()
    guess(wrong, address, 100)
    assert wrong.right(address, PHONE, 1) is None
    assert wrong.resting(address, 1) is None


def test_a_network_of_the_newer_kind_counts_as_one_address() -> None:
    wrong = WrongKeys()
    for each in range(10):
        wrong.wrong(f"2001:db8:0:1::{each}", 0)
    assert wrong.resting("2001:db8:0:1:ffff::1", 0) is not None
    assert wrong.resting("2001:db8:0:2::1", 0) is None
    guess(wrong, "::ffff:10.0.0.1", 10)
    assert wrong.resting("10.0.0.1", 0) is not None
    assert wrong.resting("::ffff:10.0.0.2", 0) is None


def test_it_remembers_a_thousand_addresses_and_no_more() -> None:
    wrong = WrongKeys()
    guess(wrong, "first", 10)
    for each in range(3000):
        wrong.wrong(f"address {each}", 0)
        wrong.right(f"address {each}", PHONE, 0)
    assert len(wrong._wrong) == len(wrong._proven) == 1024
    assert wrong.resting("first", 0) is None
