from lmarena_bridge.filebed.room import Entry, is_over, to_remove

OLD, MIDDLE, NEW = (
    Entry("old", 10, since=100),
    Entry("middle", 10, since=200),
    Entry("new", 10, since=300),
)
ALL = (NEW, OLD, MIDDLE)


def test_a_file_is_over_exactly_when_its_time_has_passed() -> None:
    assert not is_over(100, now=159.9, keep_seconds=60)
    assert is_over(100, now=160, keep_seconds=60)


def test_with_no_time_set_files_stay_for_ever() -> None:
    assert not is_over(0, now=1e12, keep_seconds=0)
    assert to_remove(ALL, now=1e12, keep_seconds=0) == []


def test_a_file_from_the_future_stays() -> None:
    assert not is_over(500, now=100, keep_seconds=60)


def test_what_is_over_goes() -> None:
    assert to_remove(ALL, now=310, keep_seconds=100) == [OLD, MIDDLE]


def test_without_need_nothing_else_goes() -> None:
    assert to_remove(ALL, now=310, keep_seconds=1000, quota=40, needed=10) == []


def test_the_oldest_go_until_there_is_room() -> None:
    assert to_remove(ALL, now=310, keep_seconds=1000, quota=40, needed=11) == [OLD]
    assert to_remove(ALL, now=310, keep_seconds=1000, quota=40, needed=21) == [OLD, MIDDLE]
    assert to_remove(ALL, now=310, keep_seconds=0, quota=40, needed=40) == [OLD, MIDDLE, NEW]


def test_room_made_by_what_is_over_counts() -> None:
    assert to_remove(ALL, now=310, keep_seconds=200, quota=30, needed=10) == [OLD]


def test_a_quota_that_was_lowered_is_kept_at_once() -> None:
    assert to_remove(ALL, now=310, keep_seconds=0, quota=15) == [OLD, MIDDLE]
