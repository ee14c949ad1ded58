import pytest

from lmarena_bridge.filebed.ranges import Unsatisfiable, asked_range, names_tag


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 10)),
        ("bytes=3-5", (3, 6)),
        ("bytes=9-9", (9, 10)),
        ("bytes=5-999999", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-999", (0, 10)),
        ("Bytes=2-3", (2, 4)),
    ],
)
def test_one_range_is_given(header: str, part: tuple[int, int]) -> None:
    assert asked_range(header, 10) == part


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes=" + "9" * 400 + "-",
        "bytes=٣-٤",
    ],
)
def test_anything_else_gives_the_whole_file(header: str | None) -> None:
    assert asked_range(header, 10) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=-5", 0)]
)
def test_behind_the_end_there_is_nothing(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range(header, size)


def test_a_tag_is_found_among_several_weak_or_not() -> None:
    for header in ('"a"', 'W/"a"', '"b", W/"a"', "*", ' "a" '):
        assert names_tag(header, '"a"')
    for header in ("", '"b"', "a", '"a', 'W/"b","c"'):
        assert not names_tag(header, '"a"')
