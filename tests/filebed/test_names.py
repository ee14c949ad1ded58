import pytest

from lmarena_bridge.filebed.names import is_left_over, kind_named

ID = "0123456789abcdef" * 2


def test_a_name_of_ours_tells_its_kind() -> None:
    kind = kind_named(f"{ID}.png")
    assert kind is not None
    assert kind.content_type == "image/png"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ID,
        f"{ID}.",
        f"{ID}.html",
        f"{ID}.svg",
        f"{ID}.PNG",
        f"{ID}.png.",
        f"{ID}.png\n",
        f"{ID}.png#1",
        f"{ID}.png\0",
        f"{ID}.png/",
        f"{ID}.png::$DATA",
        f"../{ID}.png",
        f"a/{ID}.png",
        f"..\\{ID}.png",
        f"{ID.upper()}.png",
        f"{ID[:-1]}.png",
        f"{ID}0.png",
        f"{ID[:-1]}٣.png",  # a digit, but none of ours
        "con",
        "..",
        "../../etc/passwd",
        "%2e%2e",
        "a" * 300,
    ],
)
def test_no_other_name_is_a_file(name: str) -> None:
    assert kind_named(name) is None


def test_pieces_of_unfinished_files_are_known_and_nothing_else_is_one() -> None:
    assert is_left_over(f"{ID}.png#1")
    assert is_left_over(f"{ID}.bin#27")
    for name in (f"{ID}.png", f"{ID}.png#", "notes#1", f"{ID}.png#1x", "#1"):
        assert not is_left_over(name)
