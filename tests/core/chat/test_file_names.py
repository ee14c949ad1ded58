import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.file_names import file_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ola\\Zażółć.txt", "Zażółć.txt"),
        ("a\0b\r\nc\u2028.txt", "abc.txt"),
        ("  many   blanks .md ", "many blanks .md"),
        ("\u202egpj.exe", "gpj.exe"),
        ("👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"),
        ("\ud83d.png", ".png"),
    ],
)
def test_a_name_is_kept_without_what_no_file_name_should_hold(said: str, name: str) -> None:
    assert file_name(said, "image/png", 1) == name


@pytest.mark.parametrize("said", [None, "", "/", "..", ". .", "a/", "\0", "\u202e"])
def test_where_no_name_is_left_the_type_makes_one(said: str | None) -> None:
    assert file_name(said, "image/png", 7) == "image_7.png"


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("audio/mpeg", "audio_1.mp3"),
        ("video/mp4", "video_1.mp4"),
        ("application/pdf", "file_1.pdf"),
        ("text/plain", "file_1.txt"),
    ],
)
def test_a_made_name_says_what_kind_of_file_it_is(content_type: str, name: str) -> None:
    assert file_name(None, content_type, 1) == name


def test_a_long_name_keeps_its_extension() -> None:
    assert file_name("a" * 500 + ".pdf", "", 1) == "a" * 116 + ".pdf"
    assert file_name("a" * 500, "", 1) == "a" * 120
    assert file_name("a." + "b" * 500, "", 1) == "a." + "b" * 118


@given(st.text(max_size=300))
def test_whatever_is_said_the_name_is_one_harmless_line(said: str) -> None:
    name = file_name(said, "image/png", 1)
    assert 0 < len(name) <= 120
    assert not set("/\\\0\r\n") & set(name)
    assert name.strip(". ")
    name.encode()
