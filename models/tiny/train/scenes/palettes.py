"""Named palettes: each is two ramps from dark to light, one for the picture and one for its accents.

A scene is drawn as two fields, tone and accent, and coloured last, so that every picture holds together and a palette is
one thing to learn. Ramps are made in OkLCH, where equal steps look equal.
"""

import functools
from dataclasses import dataclass

import numpy

STEPS = 1024


@dataclass(frozen=True)
class Palette:
    """Hues in degrees, chroma and lightness as OkLCH has them."""

    name: str
    hues: tuple[float, float, float]
    chroma: float
    dark: float
    light: float
    accent: float
    accent_chroma: float


PALETTES = [
    Palette("red", (12, 26, 42), 0.20, 0.10, 0.90, 80, 0.16),
    Palette("orange", (36, 54, 74), 0.17, 0.14, 0.94, 20, 0.19),
    Palette("gold", (46, 74, 92), 0.13, 0.14, 0.95, 50, 0.14),
    Palette("yellow", (74, 96, 106), 0.18, 0.56, 0.985, 40, 0.18),
    Palette("lime", (140, 125, 114), 0.19, 0.22, 0.97, 95, 0.17),
    Palette("green", (162, 150, 136), 0.14, 0.11, 0.92, 100, 0.15),
    Palette("mint", (182, 170, 162), 0.085, 0.52, 0.98, 20, 0.12),
    Palette("teal", (205, 190, 178), 0.11, 0.12, 0.92, 60, 0.15),
    Palette("cyan", (235, 214, 200), 0.13, 0.24, 0.97, 330, 0.17),
    Palette("blue", (262, 254, 236), 0.17, 0.15, 0.94, 65, 0.15),
    Palette("navy", (266, 262, 256), 0.09, 0.07, 0.66, 82, 0.12),
    Palette("indigo", (286, 278, 270), 0.20, 0.10, 0.86, 200, 0.13),
    Palette("purple", (300, 306, 318), 0.19, 0.11, 0.90, 350, 0.18),
    Palette("lavender", (290, 298, 310), 0.09, 0.55, 0.98, 345, 0.12),
    Palette("magenta", (320, 338, 352), 0.23, 0.12, 0.90, 290, 0.19),
    Palette("pink", (350, 358, 8), 0.11, 0.46, 0.98, 25, 0.14),
    Palette("coral", (18, 30, 48), 0.145, 0.36, 0.96, 195, 0.10),
    Palette("brown", (45, 58, 72), 0.065, 0.11, 0.80, 62, 0.11),
    Palette("sand", (66, 80, 90), 0.055, 0.36, 0.97, 40, 0.10),
    Palette("grey", (250, 250, 250), 0.008, 0.14, 0.92, 250, 0.02),
    Palette("black", (270, 270, 270), 0.010, 0.02, 0.52, 85, 0.11),
    Palette("white", (250, 250, 250), 0.012, 0.70, 0.995, 250, 0.07),
    Palette("neon", (288, 330, 205), 0.24, 0.07, 0.92, 195, 0.16),
    Palette("sunset", (296, 18, 78), 0.16, 0.14, 0.94, 55, 0.17),
]
BY_NAME = {palette.name: palette for palette in PALETTES}


def to_rgb(lightness, chroma, hue):
    """OkLCH to linear-light sRGB, unclipped (Ottosson 2020)."""
    a, b = chroma * numpy.cos(numpy.radians(hue)), chroma * numpy.sin(numpy.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return numpy.stack(
        [
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        ],
        axis=-1,
    )


def within_gamut(lightness, chroma, hue):
    """sRGB from 0 to 1; chroma is lowered until the colour can be shown."""
    low, high = numpy.zeros_like(chroma), chroma
    for _ in range(12):
        middle = (low + high) / 2
        linear = to_rgb(lightness, middle, hue)
        fits = ((linear >= -1e-4) & (linear <= 1 + 1e-4)).all(axis=-1)
        low, high = numpy.where(fits, middle, low), numpy.where(fits, high, middle)
    linear = numpy.clip(to_rgb(lightness, low, hue), 0, 1)
    return numpy.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def around(hues, position):
    """The hue at 0..1 along three hues, the short way around the circle."""
    hues = numpy.degrees(numpy.unwrap(numpy.radians(hues)))
    return numpy.interp(position, [0, 0.5, 1], hues)


@functools.lru_cache(maxsize=4096)
def ramps(name: str, shift: int) -> numpy.ndarray:
    """The two ramps of a palette, `[2, STEPS, 3]`, with its hues turned by `shift` degrees."""
    palette = BY_NAME[name]
    position = numpy.linspace(0, 1, STEPS)
    lightness = palette.dark + (palette.light - palette.dark) * position
    # The most colourful in the middle; ends of a ramp have little room for colour.
    body = palette.chroma * (0.45 + 0.55 * numpy.sin(numpy.pi * numpy.clip(position * 0.9 + 0.08, 0, 1)))
    main = within_gamut(lightness, body, around(palette.hues, position) + shift)
    accent_light = numpy.clip(lightness * 0.9 + 0.1, 0, 0.99)
    accent = within_gamut(accent_light, numpy.full(STEPS, palette.accent_chroma), numpy.full(STEPS, palette.accent + shift))
    return numpy.stack([main, accent]).astype(numpy.float32)
