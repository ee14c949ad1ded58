"""The landscape behind a prompt: sky, hills or sea, and whatever the words name."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from lmarena_bridge.demo.pictures.chance import Chance

Colour = tuple[int, int, int]
Palette = tuple[Colour, Colour, Colour]

# Sky above, sky at the horizon, land.
_PALETTES: Final[Mapping[str, Palette]] = {
    "day": ((74, 144, 217), (236, 244, 250), (63, 125, 88)),
    "dusk": ((60, 42, 94), (250, 158, 110), (70, 56, 96)),
    "night": ((10, 14, 38), (56, 72, 128), (20, 26, 52)),
    "red": ((122, 28, 44), (255, 186, 140), (110, 36, 50)),
    "green": ((28, 110, 90), (214, 244, 208), (32, 96, 60)),
    "gold": ((196, 132, 32), (255, 240, 196), (132, 92, 36)),
    "violet": ((70, 44, 140), (240, 200, 240), (84, 56, 130)),
}
_MOODS: Final[Mapping[str, str]] = {
    "night": r"night|star|moon|noc|gwiazd|księżyc",
    "red": r"\bred\b|mars|fire|czerwon|ogień",
    "green": r"\bgreen\b|jungle|zielon",
    "gold": r"\bgold|yellow|desert|autumn|złot|żółt|jesie",
    "violet": r"violet|purple|pink|fiolet|różow",
    "day": r"\bblue\b|\bday\b|summer|sunny|niebiesk|dzień|lato",
}


class Scene:
    """A square canvas of `size` pixels with a horizon; coordinates are parts of its side, 0 to 1."""

    def __init__(self, palette: Palette, chance: Chance, size: int) -> None:
        self.size = size
        self.palette = palette
        self.chance = chance
        self.image = self._sky()
        self.pen = ImageDraw.Draw(self.image)

    def _sky(self) -> Image.Image:
        upper, lower, _land = self.palette
        ramp = Image.linear_gradient("L").resize((self.size, self.size))
        return ImageOps.colorize(ramp, upper, lower)

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([(x * self.size, y * self.size) for x, y in points], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        box = [(each) * self.size for each in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(box, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.pen.rectangle([each * self.size for each in (left, top, right, bottom)], colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Soft light around a point, drawn small and blown up: blurring at full size would take a second."""
        small = Image.new("RGB", (96, 96))
        spot = [each * 96 for each in (x - radius, y - radius, x + radius, y + radius)]
        ImageDraw.Draw(small).ellipse(spot, colour)
        light = small.filter(ImageFilter.GaussianBlur(9)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(ImageChops.screen(self.image, light))

    def shade(self, darker: float) -> Colour:
        """The land's colour, nearer to the horizon's for far things (0) or its own (1) or black (2)."""
        far, land = self.palette[1], self.palette[2]
        target, base, part = (land, far, darker) if darker <= 1 else ((0, 0, 0), land, (darker - 1) * 0.6)
        red, green, blue = (round(b + (t - b) * part) for b, t in zip(base, target, strict=True))
        return (red, green, blue)


def draw_scene(prompt: str, number: int, size: int) -> Image.Image:
    words = prompt.lower()
    chance = Chance(f"{number}:{prompt}")
    mood = next((name for name, pattern in _MOODS.items() if re.search(pattern, words)), None)
    scene = Scene(_PALETTES[mood or ("day", "dusk", "violet", "gold")[chance.whole(0, 3)]], chance, size)
    _light(scene, by_night=mood == "night")
    named = [draw for pattern, draw in _THINGS.items() if re.search(pattern, words)] or [_forest, _birds]
    for draw in _THINGS.values():
        if draw is _hills or draw in named:
            draw(scene)
    return scene.image


def _light(scene: Scene, *, by_night: bool) -> None:
    if by_night:
        for _ in range(160):
            bright = scene.chance.whole(120, 255)
            place = scene.chance.between(0, 1), scene.chance.between(0, 0.6)
            scene.disc(*place, scene.chance.between(0.0008, 0.0026), (bright, bright, bright))
    x, y = scene.chance.between(0.2, 0.8), scene.chance.between(0.14, 0.3)
    scene.glow(x, y, 0.12, (70, 80, 120) if by_night else (150, 110, 60))
    scene.disc(x, y, 0.06, (236, 238, 248) if by_night else (255, 240, 200))


def _ridge(scene: Scene, height: float, roughness: float, colour: Colour) -> None:
    steps = 24
    heights = [height + scene.chance.between(-roughness, roughness) for _ in range(steps + 1)]
    top = [(index / steps, heights[index]) for index in range(steps + 1)]
    scene.polygon([(0, 1), *top, (1, 1)], colour)


def _mountains(scene: Scene) -> None:
    for index in range(5):
        x, top = 0.1 + 0.2 * index + scene.chance.between(-0.06, 0.06), scene.chance.between(0.24, 0.4)
        scene.polygon([(x - 0.26, 0.7), (x, top), (x + 0.26, 0.7)], scene.shade(0.45 + 0.08 * index))
        snow = [(x - 0.045, top + 0.078), (x, top), (x + 0.045, top + 0.078), (x + 0.012, top + 0.06)]
        scene.polygon([*snow, (x - 0.012, top + 0.085)], (246, 248, 252))


def _hills(scene: Scene) -> None:
    for index in range(3):
        _ridge(scene, 0.56 + 0.1 * index, 0.035, scene.shade(0.4 + 0.3 * index))


def _sea(scene: Scene) -> None:
    scene.box(0, 0.58, 1, 1, scene.shade(0.8))
    for row in range(26):
        y = 0.6 + 0.016 * row
        for _ in range(7):
            x, length = scene.chance.between(0, 1), scene.chance.between(0.02, 0.08)
            scene.box(x, y, x + length, y + 0.0022, scene.shade(0.45))


def _boat(scene: Scene) -> None:
    x, y = scene.chance.between(0.3, 0.6), 0.66
    scene.polygon([(x - 0.09, y), (x + 0.09, y), (x + 0.06, y + 0.04), (x - 0.06, y + 0.04)], (92, 52, 38))
    scene.polygon([(x, y - 0.16), (x, y - 0.01), (x + 0.08, y - 0.01)], (250, 248, 240))
    scene.polygon([(x - 0.008, y - 0.13), (x - 0.008, y - 0.01), (x - 0.06, y - 0.01)], (236, 228, 210))


def _forest(scene: Scene) -> None:
    for index in range(26):
        x, height = index / 25 + scene.chance.between(-0.02, 0.02), scene.chance.between(0.12, 0.24)
        colour = scene.shade(scene.chance.between(1, 1.7))
        for part in (0.0, 0.3, 0.55):
            width = 0.018 + 0.03 * part
            base = 0.82 - height * (1 - part) + height * 0.4
            scene.polygon([(x - width, base), (x, base - height * 0.45), (x + width, base)], colour)


def _city(scene: Scene) -> None:
    left = 0.0
    while left < 1:
        width, top = scene.chance.between(0.05, 0.1), scene.chance.between(0.34, 0.62)
        scene.box(left, top, left + width, 0.86, scene.shade(1.5))
        for column in range(3):
            for row in range(int((0.84 - top) / 0.03)):
                if scene.chance.whole(0, 2):
                    x, y = left + width * (0.18 + 0.26 * column), top + 0.02 + 0.03 * row
                    scene.box(x, y, x + width * 0.14, y + 0.012, (255, 221, 138))
        left += width + 0.006


def _house(scene: Scene) -> None:
    x, y = scene.chance.between(0.25, 0.6), 0.62
    scene.box(x, y, x + 0.16, y + 0.13, (240, 226, 204))
    scene.polygon([(x - 0.02, y), (x + 0.08, y - 0.09), (x + 0.18, y)], (166, 68, 56))
    scene.box(x + 0.065, y + 0.06, x + 0.1, y + 0.13, (110, 70, 48))
    scene.box(x + 0.02, y + 0.03, x + 0.05, y + 0.06, (255, 226, 150))


def _bridge(scene: Scene) -> None:
    colour = (196, 74, 52)
    scene.box(0, 0.64, 1, 0.655, colour)
    for tower in (0.26, 0.74):
        scene.box(tower - 0.01, 0.42, tower + 0.01, 0.76, colour)
    for index in range(41):
        x = 0.26 + 0.48 * index / 40
        y = 0.62 - 0.2 * ((x - 0.5) / 0.24) ** 2
        scene.box(x - 0.001, y, x + 0.001, 0.64, colour)
        scene.disc(x, y, 0.004, colour)


def _cat(scene: Scene) -> None:
    x, y, colour = 0.5, 0.66, (34, 30, 40)
    scene.disc(x, y, 0.1, colour)
    scene.disc(x, y - 0.14, 0.065, colour)
    for ear in (-1, 1):
        scene.polygon(
            [(x + ear * 0.06, y - 0.25), (x + ear * 0.008, y - 0.19), (x + ear * 0.06, y - 0.16)], colour
        )
        scene.disc(x + ear * 0.024, y - 0.145, 0.012, (250, 214, 92))
        scene.disc(x + ear * 0.024, y - 0.145, 0.004, colour)
    for index in range(30):
        scene.disc(x + 0.09 + 0.002 * index, y + 0.08 - 0.00016 * index * index, 0.016, colour)


def _birds(scene: Scene) -> None:
    for _ in range(9):
        x, y, wing = (
            scene.chance.between(0.1, 0.9),
            scene.chance.between(0.1, 0.4),
            scene.chance.between(0.01, 0.02),
        )
        for side in (-1, 1):
            scene.polygon(
                [(x, y), (x + side * wing, y - wing * 0.7), (x + side * wing * 0.6, y - wing * 0.2)],
                (30, 32, 46),
            )


_THINGS: Final[Mapping[str, Callable[[Scene], None]]] = {
    r"mountain|alps|peak|gór|tatr": _mountains,
    "$^": _hills,  # named by no word: they are always there
    r"\bsea\b|ocean|lake|beach|water|boat|ship|river|bridge|morz|jezior|rzek|łód|statek|most": _sea,
    r"forest|tree|wood|jungle|las\b|drzew": _forest,
    r"\bcity|town|skyline|building|miast": _city,
    r"house|home|cottage|cabin|dom\b|dom(?:ek|u)": _house,
    r"bridge|most\b|mostek": _bridge,
    r"boat|ship|sail|łód|statek|żagl": _boat,
    r"\bcat\b|kitten|\bkot": _cat,
    r"bird|gull|ptak|mew": _birds,
}
