import pytest

from lmarena_bridge.demo.pictures.scenery import draw_scene


def corner(prompt: str) -> tuple[int, int, int]:
    pixel = draw_scene(prompt, 0, 64).getpixel((1, 1))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel[:3]
    return red, green, blue


def test_the_night_is_darker_than_the_day() -> None:
    assert sum(corner("a road at night")) < sum(corner("a road on a summer day"))


@pytest.mark.parametrize(
    "word", ["mountains", "sea", "forest", "city", "house", "bridge", "boat", "cat", "birds", "góry", "kot"]
)
def test_a_word_changes_what_is_drawn(word: str) -> None:
    assert draw_scene(f"night {word}", 0, 64).tobytes() != draw_scene("night", 0, 64).tobytes()


@pytest.mark.parametrize("word", ["red", "green", "gold", "violet", "blue", "noc"])
def test_colours_are_understood(word: str) -> None:
    assert draw_scene(word, 0, 32).size == (32, 32)
