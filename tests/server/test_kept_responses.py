from dataclasses import replace

from lmarena_bridge.core.chat.request import Attachment, Message, Role
from lmarena_bridge.server.kept_responses import KeptResponse, KeptResponses


def response(size: int) -> KeptResponse:
    file = Attachment("a", "text/plain", "x" * 10)
    return KeptResponse((Message(Role.USER, "x" * (size - 20), (file,)),), b"x" * 10)


def test_what_is_kept_is_found_until_it_is_forgotten() -> None:
    kept, first = KeptResponses(), response(100)
    kept.keep("resp_1", first)
    assert kept.find("resp_1", "") is first
    assert kept.forget("resp_1", "")
    assert kept.find("resp_1", "") is None
    assert not kept.forget("resp_1", "")


def test_the_one_that_was_not_asked_for_longest_makes_room() -> None:
    kept = KeptResponses(most=2)
    for name in ("resp_1", "resp_2"):
        kept.keep(name, response(100))
    kept.find("resp_1", "")
    kept.keep("resp_3", response(100))
    assert kept.find("resp_1", "") is not None
    assert kept.find("resp_2", "") is None


def test_bytes_are_bounded_too() -> None:
    kept = KeptResponses(most_bytes=250)
    for number in range(3):
        kept.keep(f"resp_{number}", response(100))
    assert kept.find("resp_0", "") is None
    assert kept.forget("resp_1", "")
    kept.keep("resp_3", response(100))
    assert kept.find("resp_2", "") is not None
    kept.keep("resp_4", response(300))  # more than there is room for at all
    assert kept.find("resp_4", "") is None


def test_a_body_is_found_while_its_response_is_kept() -> None:
    kept = KeptResponses()
    held = response(100)
    kept.keep("resp_1", held)
    assert kept.body("resp_1", "") == held.body
    kept.forget("resp_1", "")
    assert kept.body("resp_1", "") is None


def test_what_is_kept_for_one_is_not_there_for_another() -> None:
    kept, held = KeptResponses(), replace(response(100), owner="ann")
    kept.keep("resp_1", held)
    assert kept.find("resp_1", "ben") is None
    assert kept.body("resp_1", "ben") is None
    assert not kept.forget("resp_1", "ben")
    # Who needs no key is the person at this computer.
    assert kept.find("resp_1", "") is kept.find("resp_1", "ann") is held
    assert kept.forget("resp_1", "ann")


def test_what_was_kept_without_a_key_is_there_for_all() -> None:
    kept, held = KeptResponses(), response(100)
    kept.keep("resp_1", held)
    assert kept.find("resp_1", "ben") is held
