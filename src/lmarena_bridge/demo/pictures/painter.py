"""Draws a picture for a prompt: a landscape with what the words name, and the words themselves below.

The same prompt gives the same picture, byte for byte. The PNG also carries the prompt in a text chunk named
`Description`, so that a program can tell what was drawn.
"""

import io
import textwrap
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from lmarena_bridge.demo.pictures.scenery import draw_scene

SIZE = 768
_MARGIN = 28
# Drawn twice as large and then shrunk, for smooth edges.
_FINER = 2
_FONTS = ("DejaVuSans.ttf", "segoeui.ttf", "Arial.ttf", "Helvetica.ttc")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Picture:
    """notes: lines under the prompt. number: tells apart several pictures of one prompt."""

    prompt: str
    notes: tuple[str, ...] = ()
    number: int = 0


def paint(picture: Picture) -> bytes:
    """The picture as a PNG of 768 × 768 pixels."""
    scene = draw_scene(picture.prompt, picture.number, SIZE * _FINER)
    canvas = scene.resize((SIZE, SIZE), Image.Resampling.BOX)
    _write_caption(canvas, picture)
    info = PngInfo()
    info.add_itxt("Description", picture.prompt.encode("utf-8", "replace").decode("utf-8"))
    file = io.BytesIO()
    canvas.save(file, "PNG", pnginfo=info, compress_level=4)
    return file.getvalue()


def _write_caption(canvas: Image.Image, picture: Picture) -> None:
    font, small = _font(24), _font(16)
    lines = textwrap.wrap(_printable(picture.prompt, font), 52, max_lines=3, placeholder=" …") or [
        "(no words)"
    ]
    notes = [_printable(note, small) for note in (*picture.notes, "Practice arena · drawn on this computer")]
    height = 32 * len(lines) + 22 * len(notes) + 24
    top = SIZE - _MARGIN - height
    _darken(canvas, (_MARGIN, top, SIZE - _MARGIN, SIZE - _MARGIN))
    pen = ImageDraw.Draw(canvas)
    for index, line in enumerate(lines):
        pen.text((_MARGIN + 20, top + 12 + 32 * index), line, "white", font=font)
    for index, note in enumerate(notes):
        pen.text((_MARGIN + 20, top + 16 + 32 * len(lines) + 22 * index), note, (222, 226, 235), font=small)


def _darken(canvas: Image.Image, box: tuple[int, int, int, int]) -> None:
    veil = Image.new("RGBA", canvas.size)
    ImageDraw.Draw(veil).rounded_rectangle(box, radius=16, fill=(16, 20, 34, 190))
    canvas.paste(Image.alpha_composite(canvas.convert("RGBA"), veil).convert("RGB"))


def _font(size: int) -> Font:
    """A font of this computer that knows more than ASCII; else Pillow's own."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _printable(text: str, font: Font) -> str:
    """`text` without what the font cannot draw: letters lose their accents first, the rest is left out."""
    tofu = bytes(font.getmask("\ufffe"))
    shown = []
    for char in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFKD", char.translate({ord("ł"): "l", ord("Ł"): "L"}))[:1]
        candidates = [each for each in (char, plain) if each.isprintable() or each.isspace()]
        drawable = (each for each in candidates if each.isspace() or bytes(font.getmask(each)) != tofu)
        shown.append(next(drawable, ""))
    return " ".join("".join(shown).split())
