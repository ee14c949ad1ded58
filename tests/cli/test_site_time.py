from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.cli.site_time import SiteTime


def test_a_moment_is_written_as_the_site_writes_it() -> None:
    # The clock may be set back.
    moments = [1759312800.0, 1759312800.0421, 1759312800.9999, 1759312801.0, 1759312799.5]
    site_time = SiteTime(iter(moments).__next__)
    assert [site_time() for _ in moments] == [
        "2025-10-01T10:00:00.000Z",
        "2025-10-01T10:00:00.042Z",
        "2025-10-01T10:00:00.999Z",
        "2025-10-01T10:00:01.000Z",
        "2025-10-01T09:59:59.500Z",
    ]


@given(st.floats(0, 4e9))
def test_every_moment_is_told_to_the_millisecond(moment: float) -> None:
    told = datetime.fromisoformat(SiteTime(lambda: moment)())
    exact = datetime.fromtimestamp(moment, UTC)
    assert timedelta(microseconds=-1) <= exact - told <= timedelta(milliseconds=1)


def test_now_is_the_clock_of_the_computer() -> None:
    before = datetime.now(UTC)
    assert timedelta(milliseconds=-1) < datetime.fromisoformat(SiteTime()()) - before < timedelta(minutes=1)
