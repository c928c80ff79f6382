"""Abstract scenes: rays, bokeh, liquid, waves, geometry."""

import cv2
import numpy

from .canvas import ASPECT, COLUMNS, HEIGHT, WIDTH, X, Y, Canvas, blurred, smooth


def rays(c: Canvas, time: str, weather: str) -> None:
    x, y = c.focus, c.one(0.3, 0.62)
    count = int(c.rng.integers(9, 17))
    across, down = (X - x) * ASPECT, Y - y
    angle, far = numpy.arctan2(down, across), numpy.hypot(across, down)
    turn = angle * count + c.one(0, 6)
    if c.one(0, 1) < 0.4:
        turn = turn + far * c.one(2, 5)
    edge = numpy.clip(far * HEIGHT / count / 2.2, 0.8, 60)
    stripes = numpy.clip(0.5 + numpy.sin(turn) * edge, 0, 1)
    base, step = c.one(0.22, 0.5), c.one(0.12, 0.22)
    c.tone[:] = base + step * (stripes - 0.5) * (0.25 + 0.75 * c.room[None])
    c.accent[:] = 0.35 * stripes * c.room[None]
    c.shine(0.65 * c.glow(x, y, c.one(0.25, 0.45)), 0.35)
    c.tone *= 1 - 0.35 * smooth(0.5, 1.3, far)


def bokeh(c: Canvas, time: str, weather: str) -> None:
    low, high = c.one(0.04, 0.14), c.one(0.22, 0.42)
    c.tone[:] = low + (high - low) * smooth(-1.0, 1.2, c.noise(2, 2, 1) + 0.6 * c.room[None])
    c.accent[:] = 0.35 * smooth(0, 1.4, c.noise(2, 2, 1))
    largest = c.one(0.07, 0.13)
    for _ in range(int(c.rng.integers(26, 44))):
        x, y, radius = c.place() + c.one(-0.02, 0.02), c.one(0.02, 0.98), largest * c.one(0.35, 1.0)
        patch = c.around(x, y, radius * 1.2)
        far = numpy.hypot((X[patch] - x) * ASPECT, Y[patch] - y)
        disc = numpy.clip((radius - far) * HEIGHT / c.one(3, 9) + 0.5, 0, 1)
        light = c.one(0.12, 0.34) * disc + 0.14 * disc * smooth(0.72, 1.0, far / radius)
        c.accent[patch] += numpy.clip(light * c.one(0.0, 2.2), 0, 1) * (1 - c.accent[patch])
        c.tone[patch] += light * (1 - numpy.clip(c.tone[patch], 0, 1) * 0.7)


def liquid(c: Canvas, time: str, weather: str) -> None:
    bend = c.one(0.10, 0.17)
    x = X * ASPECT + bend * c.noise(2, 2, 1)
    y = Y + bend * c.noise(2, 2, 1)
    turn = c.one(0, 6.3)
    field = numpy.sin(c.one(2.6, 4.4) * (x * numpy.cos(turn) + y * numpy.sin(turn)) + 2.2 * c.noise(2, 2, 1))
    swell = numpy.sin(2.2 * field + c.one(2.5, 4) * (y * numpy.cos(turn) - x * numpy.sin(turn)))
    high = blurred(field + 0.8 * swell, 6)
    middle, reach = c.one(0.32, 0.6), c.one(0.2, 0.3)
    strength = 0.22 + 0.78 * c.room[None]
    slope_x, slope_y = numpy.gradient(high, axis=1) * WIDTH / 10, numpy.gradient(high, axis=0) * HEIGHT / 10
    c.tone[:] = middle + reach * strength * numpy.tanh(0.8 * high)
    c.accent[:] = smooth(-0.2, 1.6, swell) * 0.9 * strength
    gleam = numpy.exp(-((slope_x - 0.35) ** 2 + (slope_y + 0.45) ** 2) / 0.16)
    c.shine(0.42 * gleam * strength)
    c.tone -= 0.12 * strength * numpy.exp(-((slope_x + 0.5) ** 2 + (slope_y - 0.5) ** 2) / 0.3)


def waves(c: Canvas, time: str, weather: str) -> None:
    light = c.one(0, 1) < 0.5
    count = int(c.rng.integers(5, 8))
    tones = numpy.linspace(0.92, 0.22, count + 1) if light else numpy.linspace(0.06, 0.72, count + 1)
    c.tone[:] = tones[0] + 0.06 * (Y - 0.5)
    start, phase = c.one(0.28, 0.42), c.one(0, 6.3)
    for layer in range(count):
        part = layer / (count - 1)
        line = start + 0.62 * part + (1 - c.room) * 0.24 * (1 - part)
        line = line - 0.075 * numpy.sin(COLUMNS * c.one(3.5, 7.5) + phase + layer * 0.9) - 0.03 * c.line(2, 1)
        # A sheet of paper throws a shadow on the one behind it.
        gap = (line[None] - Y) * HEIGHT
        c.tone *= 1 - 0.28 * numpy.exp(-numpy.clip(gap, 0, None) / 11) * (gap > -2)
        sheet = tones[layer + 1] + 0.07 * smooth(0.22, 0.0, Y - line[None])
        c.over(c.below(line, 1.6), sheet, 0.85 * (layer % 3 == 1) * c.one(0.3, 1))


def geometry(c: Canvas, time: str, weather: str) -> None:
    light = c.one(0, 1) < 0.6
    ground = c.one(0.80, 0.92) if light else c.one(0.05, 0.16)
    c.tone[:] = ground + 0.05 * (0.5 - Y)
    tones = numpy.array([0.18, 0.36, 0.55, 0.72]) if light else numpy.array([0.34, 0.52, 0.7, 0.9])
    for place in range(int(c.rng.integers(7, 11))):
        x, y, size = c.place(), c.one(0.05, 0.95), c.one(0.08, 0.24) * (1.15 if place < 2 else 0.8)
        mask = SHAPES[int(c.rng.integers(0, len(SHAPES)))](c, x, y, size)
        shadow = numpy.roll(blurred(mask, 9), (7, 5), (0, 1))
        c.tone *= 1 - 0.16 * shadow * (1 - mask)
        c.over(mask, float(c.rng.choice(tones)) + 0.08 * (y - Y) / size, float(c.rng.choice([0, 0, 0.9])))


def ring(c: Canvas, x, y, size):
    width = size * c.one(0.18, 0.4)
    return numpy.clip((width / 2 - numpy.abs(c.distance(x, y) - size * 0.75)) * HEIGHT / 1.6 + 0.5, 0, 1)


def turned(c: Canvas, x, y, size, corners):
    turn = c.one(0, 6.3)
    angles = turn + numpy.arange(corners) * 2 * numpy.pi / corners
    return c.polygon([(x + size * numpy.cos(a) / ASPECT, y + size * numpy.sin(a)) for a in angles])


def half_disc(c: Canvas, x, y, size):
    turn = c.one(0, 6.3)
    side = ((X - x) * ASPECT * numpy.cos(turn) + (Y - y) * numpy.sin(turn)) * HEIGHT / 1.6
    return c.disc(x, y, size, 1.6) * numpy.clip(side + 0.5, 0, 1)


def bars(c: Canvas, x, y, size):
    lean = c.rng.choice([0.0, 0.6])
    shapes = []
    for k in range(4):
        left = x + (k - 2) * size * 0.42 / ASPECT
        wide, slant = size * 0.2 / ASPECT, lean * size / ASPECT
        shapes.append([(left + slant, y - size), (left + wide + slant, y - size), (left + wide - slant, y + size), (left - slant, y + size)])
    return c.polygons(shapes)


SHAPES = [
    lambda c, x, y, size: c.disc(x, y, size, 1.6),
    lambda c, x, y, size: c.disc(x, y, size, 1.6),
    ring,
    half_disc,
    lambda c, x, y, size: turned(c, x, y, size * 1.1, 3),
    lambda c, x, y, size: turned(c, x, y, size, 4),
    bars,
]
