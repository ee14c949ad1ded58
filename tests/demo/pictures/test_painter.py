import io

import pytest
from PIL import Image

from lmarena_bridge.demo.pictures.painter import SIZE, Picture, paint


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(paint(picture)))
    image.load()
    return image


def test_a_picture_is_a_png_that_carries_its_prompt() -> None:
    image = opened(Picture("Kot nad morzem 🦦 nocą"))
    assert (image.format, image.size, image.mode) == ("PNG", (SIZE, SIZE), "RGB")
    assert image.info["Description"] == "Kot nad morzem 🦦 nocą"


def test_the_same_words_give_the_same_bytes_and_others_do_not() -> None:
    assert paint(Picture("a boat")) == paint(Picture("a boat"))
    assert len({paint(Picture("a boat")), paint(Picture("a boat", number=1)), paint(Picture("a boa"))}) == 3


@pytest.mark.parametrize("prompt", ["", "x" * 5000, "中文 only", "half \ud83e emoji", "tabs\tand\nlines"])
def test_any_words_can_be_drawn(prompt: str) -> None:
    assert opened(Picture(prompt, ("with a.png (image/png)",))).size == (SIZE, SIZE)


def test_the_words_darken_the_foot_of_the_picture() -> None:
    image = opened(Picture("a sunny day"))
    caption, above = image.getpixel((60, SIZE - 40)), image.getpixel((60, SIZE - 200))
    assert isinstance(caption, tuple) and isinstance(above, tuple)
    assert sum(caption) < sum(above)
