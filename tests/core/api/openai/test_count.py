import pytest

from lmarena_bridge.core.api.openai.count import MOST, read_count
from lmarena_bridge.core.errors import InvalidRequest


@pytest.mark.parametrize(
    ("n", "count"), [(None, 1), (1, 1), (3, 3), (2.0, 2), (MOST, MOST), ("4", 4), ("10", 10)]
)
def test_the_number_may_come_as_any_writer_of_json_or_forms_writes_it(
    n: int | float | str | None, count: int
) -> None:
    assert read_count(n) == count


@pytest.mark.parametrize("n", [0, -1, MOST + 1, 1.5, 1e300, 10**200, "", "0", "x", "1.0", "9999", "²", "-1"])
def test_any_other_number_is_refused_by_name(n: int | float | str) -> None:
    with pytest.raises(InvalidRequest, match=f"whole number from 1 to {MOST}") as caught:
        read_count(n)
    assert caught.value.param == "n"
    assert len(caught.value.message) < 120
