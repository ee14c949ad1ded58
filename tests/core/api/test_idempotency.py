import pytest

from lmarena_bridge.core.api.idempotency import Bounds, KeptAnswer, KeptAnswers
from lmarena_bridge.core.errors import IdempotencyConflict, IdempotencyKeyReused

KEY = ("a client", "a key")
HOUR = 3600.0


def given(kept: KeptAnswers, name: str, *pieces: bytes, now: float = 0) -> KeptAnswer:
    """An answer that was given whole."""
    answer = kept.begin(("a client", name), b"asked")
    for piece in pieces:
        kept.add(answer, {"type": "http.response.body", "body": piece})
    kept.end(answer, now)
    return answer


def names(kept: KeptAnswers, *names: str, now: float = 0) -> list[str]:
    """Those whose answers are still there."""
    return [name for name in names if kept.find(("a client", name), b"asked", now, HOUR)]


def test_the_same_request_finds_its_answer_on_its_way_and_afterwards() -> None:
    kept = KeptAnswers()
    assert kept.find(KEY, b"asked", 0, HOUR) is None
    answer = kept.begin(KEY, b"asked")
    assert kept.find(KEY, b"asked", 0, HOUR) is answer
    kept.add(answer, {"type": "http.response.start", "status": 200, "headers": []})
    kept.add(answer, {"type": "http.response.body", "body": b"Hello"})
    kept.end(answer, 5)
    assert kept.find(KEY, b"asked", 6, HOUR) is answer
    assert [message.get("body") for message in answer.messages] == [None, b"Hello"]
    assert answer.last == 2


def test_another_request_with_the_same_key_is_refused() -> None:
    kept = KeptAnswers()
    kept.begin(KEY, b"asked")
    with pytest.raises(IdempotencyKeyReused):
        kept.find(KEY, b"something else", 0, HOUR)


def test_keys_of_different_clients_do_not_meet() -> None:
    kept = KeptAnswers()
    kept.begin(KEY, b"asked")
    assert kept.find(("another client", KEY[1]), b"something else", 0, HOUR) is None


def test_an_answer_is_kept_for_a_while_counted_from_its_end() -> None:
    kept = KeptAnswers()
    answer = kept.begin(KEY, b"asked")
    assert kept.find(KEY, b"asked", 100, 10) is answer
    kept.end(answer, 100)
    assert kept.find(KEY, b"asked", 109.9, 10) is answer
    assert kept.find(KEY, b"asked", 110, 10) is None
    assert len(kept) == 0


def test_a_failure_is_not_kept() -> None:
    kept = KeptAnswers()
    answer = kept.begin(KEY, b"asked")
    answer.failed = True
    kept.end(answer, 0)
    assert kept.find(KEY, b"asked", 0, HOUR) is None


def test_an_answer_that_was_given_up_makes_way_for_a_new_one() -> None:
    kept = KeptAnswers()
    old = kept.begin(KEY, b"asked")
    kept.forget(old)
    new = kept.begin(KEY, b"asked")
    kept.add(old, {"body": b"late"})
    kept.end(old, 0)
    assert kept.find(KEY, b"asked", 0, HOUR) is new


def test_a_long_answer_is_given_once_and_held_no_longer_than_its_readers_need() -> None:
    kept = KeptAnswers(Bounds(bytes_of_one=10))
    answer = kept.begin(KEY, b"asked")
    kept.add(answer, {"body": b"x" * 10})
    assert kept.find(KEY, b"asked", 0, HOUR) is answer
    kept.add(answer, {"body": b"x"})
    with pytest.raises(IdempotencyConflict):
        kept.find(KEY, b"asked", 0, HOUR)
    answer.drop(1)
    answer.drop(0)
    assert (answer.dropped, answer.last, len(answer.messages)) == (1, 2, 1)
    kept.add(answer, {"body": b"y"})
    assert answer.last == 3
    kept.end(answer, 0)
    assert kept.find(KEY, b"asked", 0, HOUR) is None


def test_the_oldest_answers_go_when_there_are_too_many() -> None:
    kept = KeptAnswers(Bounds(answers=2))
    running = kept.begin(KEY, b"asked")
    for name in ("a", "b", "c"):
        given(kept, name)
    assert names(kept, "a", "b", "c") == ["c"]
    assert kept.find(KEY, b"asked", 0, HOUR) is running


def test_the_oldest_answers_go_when_they_take_too_much_room() -> None:
    kept = KeptAnswers(Bounds(bytes_of_all=25))
    for name in ("a", "b", "c"):
        given(kept, name, b"x" * 10)
    assert names(kept, "a", "b", "c") == ["b", "c"]


def test_when_there_is_no_room_even_so_what_runs_is_given_once() -> None:
    kept = KeptAnswers(Bounds(answers=1, bytes_of_all=25))
    answer, other = kept.begin(KEY, b"asked"), kept.begin(("a client", "other"), b"asked")
    kept.add(answer, {"body": b"x" * 20})
    kept.add(other, {"body": b"x" * 10})
    assert (answer.too_long, other.too_long) == (False, True)
    kept.add(answer, {"body": b"x" * 5})
    assert not answer.too_long


def test_one_that_was_forgotten_already_is_forgotten_once() -> None:
    kept = KeptAnswers()
    answer = kept.begin(KEY, b"asked")
    kept.forget(answer)
    kept.forget(answer)
    assert len(kept) == 0
