import pytest

from lmarena_bridge.core.api.openai.limits import read_max_tokens, read_stop
from lmarena_bridge.core.errors import InvalidRequest


@pytest.mark.parametrize(
    ("stop", "texts"),
    [(None, ()), ("x", ("x",)), (["x", "y", "x"], ("x", "y")), ("", ()), (["", "x"], ("x",)), ([], ())],
)
def test_stops_are_one_text_or_several(stop: str | list[str] | None, texts: tuple[str, ...]) -> None:
    assert read_stop(stop) == texts


@pytest.mark.parametrize(
    ("max_tokens", "max_completion_tokens", "read"),
    [
        (None, None, None),
        (5, None, 5),
        (None, 5.0, 5),
        (5, 3, 3),
        (3, 5, 3),
        (-1, None, None),
        (-1, 4, 4),
    ],
)
def test_the_smaller_limit_counts(
    max_tokens: float | None, max_completion_tokens: float | None, read: int | None
) -> None:
    assert read_max_tokens(max_tokens, max_completion_tokens) == read


@pytest.mark.parametrize("number", [0, -2, 1.5, -1e300, -(10**200), 0.5])
def test_limits_that_are_none_are_refused(number: float) -> None:
    for arguments in ((number, None), (None, number)):
        with pytest.raises(InvalidRequest) as caught:
            read_max_tokens(*arguments)
        assert caught.value.param == ("max_tokens" if arguments[0] else "max_completion_tokens") or not number
