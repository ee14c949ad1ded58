import pytest

from lmarena_bridge.core.api.token_limit import Number, read_token_limit
from lmarena_bridge.core.errors import InvalidRequest


@pytest.mark.parametrize(("said", "limit"), [(None, None), (-1, None), (1, 1), (300.0, 300)])
def test_a_limit_is_a_whole_number_or_none(said: Number, limit: int | None) -> None:
    assert read_token_limit(said, "max_tokens") == limit


@pytest.mark.parametrize(("said", "shown"), [(0, "0"), (-2, "-2"), (1.5, "1.5"), (0.5, "0.5")])
def test_anything_else_is_refused_with_its_name(said: Number, shown: str) -> None:
    with pytest.raises(InvalidRequest, match=f"is {shown}: send a whole number") as refused:
        read_token_limit(said, "max_output_tokens")
    assert refused.value.param == "max_output_tokens"
