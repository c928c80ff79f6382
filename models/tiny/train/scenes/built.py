"""Built scenes: skyline, neon grid, studio, desk, circuit."""

import cv2
import numpy

from .canvas import ASPECT, COLUMNS, HEIGHT, WIDTH, X, Y, Canvas, blurred, smooth
from .nature import LIGHTS, fall, heaven, stars


def skyline(c: Canvas, time: str, weather: str) -> None:
    light = heaven(c, time, weather, 0.85)
    lit = time in ("dusk", "night")
    c.shine(0.25 * smooth(0.35, 0.95, Y), 0.5 if time != "day" else 0.1)
    for depth in (0.0, 0.5, 1.0):
        far = light.bottom * 0.68
        tone = far + (light.land + 0.02 - far) * (0.25 + 0.75 * depth)
        if weather == "misty":
            tone += 0.4 * (light.bottom - tone) * (1 - depth)
        walls, windows, x = [], [], c.one(-0.04, 0.0)
        while x < 1:
            wide = c.one(0.045, 0.085) * (0.8 + 0.5 * depth)
            near = float(c.room[min(WIDTH - 1, int(max(0, x + wide / 2) * WIDTH))])
            tall = (c.one(0.16, 0.58) - 0.10 * depth) * (0.25 + 0.75 * near) + 0.10
            top = 1 - tall
            walls.append([(x, 1), (x, top), (x + wide, top), (x + wide, 1)])
            if c.one(0, 1) < 0.25 * near:
                middle = x + wide / 2
                walls.append([(middle - 0.003, top), (middle, top - 0.09), (middle + 0.003, top)])
            if depth > 0.2 and near > 0.3:
                windows += panes(c, x, top, wide)
            x += wide * c.one(0.9, 1.25)
        shape = c.polygons(walls)
        face = tone + 0.10 * (light.bottom - tone) * smooth(0.5, 1.0, Y)
        c.over(shape, face, 0.0)
        if windows:
            glass = c.polygons(windows) * shape
            if lit:
                c.shine(0.55 * blurred(glass, 8) * c.room[None], 1.0)
                c.over(glass * 0.95, 0.88, 0.9)
            else:
                c.over(glass * 0.5, min(1.0, tone + 0.22), 0.0)
    fall(c, weather)


def panes(c: Canvas, x: float, top: float, wide: float):
    """Windows of one house, some of them lit."""
    count = max(2, int(wide / 0.026))
    step, lift = wide / count, 0.050
    share = c.one(0.35, 0.75)
    for row in range(int((0.97 - top) / lift)):
        for column in range(count):
            if c.rng.random() < share:
                left, up = x + (column + 0.24) * step, top + (row + 0.35) * lift
                yield [(left, up), (left + 0.55 * step, up), (left + 0.55 * step, up + 0.025), (left, up + 0.025)]


def synthwave(c: Canvas, time: str, weather: str) -> None:
    horizon = c.one(0.54, 0.64)
    c.sky(0.05, 0.36, horizon)
    c.accent += 0.5 * smooth(0.5, 1.0, Y / horizon) * smooth(horizon + 0.02, horizon, Y)
    stars(c, 60, horizon * 0.7)
    radius, y = c.one(0.20, 0.29), horizon - c.one(0.06, 0.14)
    x = c.focus
    c.shine(0.5 * c.glow(x, y, radius * 2.2), 0.4)
    down = (Y - (y - radius)) / (2 * radius)
    bars = numpy.clip((numpy.sin(down * 34) - 1.25 + 2.1 * (1 - down)) * 3, 0, 1)
    c.over(c.disc(x, y, radius, 2) * bars, 0.95 - 0.35 * down, 0.25 + 0.6 * down)
    ridge = numpy.abs(c.line(9, 3)) * 0.12 * (0.2 + 0.8 * smooth(0.05, 0.35, numpy.abs(COLUMNS - x)) * c.room)
    mountain = c.below(horizon - ridge, 1.5)
    c.over(mountain, 0.08, 0.0)
    edge = numpy.exp(-(((Y - (horizon - ridge)[None]) * HEIGHT / 2.2) ** 2)) * (ridge[None] > 0.012)
    c.shine(0.6 * edge, 0.8)
    floor = c.below(numpy.full(WIDTH, horizon), 1.5)
    depth = numpy.clip((Y - horizon) / (1 - horizon), 1e-3, 1)
    c.over(floor, 0.07 + 0.10 * (1 - depth), 0.0)
    count = int(c.rng.integers(7, 12))
    reach = range(-4 * count, 4 * count + 1)
    fan = [[(x + (k / count) * 0.35, horizon), (x + (k / count) * 3.4, 1.02)] for k in reach]
    far = 1 / numpy.linspace(1, 9, 15)
    bars = [[(0, horizon + (1 - horizon) * (f - 0.1)), (1, horizon + (1 - horizon) * (f - 0.1))] for f in far if f > 0.13]
    grid = c.strokes(fan + bars, 2) * floor
    strength = (0.35 + 0.65 * c.room[None]) * smooth(0.0, 0.12, depth)
    c.shine(0.4 * blurred(grid, 5) * strength, 0.9)
    c.over(grid * strength * 0.9, 0.82, 0.75)
    c.shine(0.5 * numpy.exp(-(((Y - horizon) * HEIGHT / 5) ** 2)), 0.7)


def studio(c: Canvas, time: str, weather: str) -> None:
    floor = c.one(0.68, 0.78)
    bright = c.one(0.35, 0.62)
    x, y = c.focus, c.one(0.32, 0.46)
    c.tone[:] = bright * (0.62 + 0.25 * Y)
    # The wall bends into the floor without an edge.
    c.tone += 0.16 * smooth(floor - 0.10, floor + 0.06, Y) * bright * 1.6
    spot = c.glow(x, y, c.one(0.42, 0.6))
    c.shine(0.55 * spot * smooth(floor + 0.15, floor - 0.15, Y), 0.15)
    c.tone *= 1 - 0.30 * smooth(0.45, 1.05, c.distance(0.5, 0.5))
    kind = int(c.rng.integers(0, 3))
    if kind == 0:
        disc = c.disc(x, y, c.one(0.20, 0.26), 1.8)
        c.over(disc, bright * 1.15 + 0.12 - 0.25 * (Y - y), 0.85)
    elif kind == 1:
        half, top = c.one(0.09, 0.12), y - 0.1
        arch = numpy.maximum(c.disc(x, top + 0.1, half * ASPECT, 1.8), c.polygon(
            [(x - half, top + 0.1), (x + half, top + 0.1), (x + half, floor + 0.02), (x - half, floor + 0.02)]
        ))
        c.over(arch, bright * 0.75 + 0.2 * (Y - y) + 0.10 * (X - x), 0.75)
    steps = int(c.rng.integers(1, 4))
    for step in range(steps):
        wide = c.one(0.10, 0.135) * (1 - 0.24 * step)
        base, tall = floor + 0.13 - 0.075 * step, 0.075
        podium(c, x + (c.one(-0.02, 0.02) if step else 0), base, wide, tall, bright)
    for _ in range(int(c.rng.integers(0, 3))):
        ball(c, c.place(), floor + c.one(0.06, 0.16), c.one(0.03, 0.055), bright)


def podium(c: Canvas, x: float, base: float, wide: float, tall: float, bright: float) -> None:
    """A cylinder on the floor with its soft shadow."""
    squash = 0.30
    shadow = numpy.exp(-((((X - x - 0.02) / (wide * 1.35)) ** 2 + ((Y - base - 0.015) / (wide * 0.55)) ** 2)) ** 1.5)
    c.tone *= 1 - 0.38 * shadow

    def ellipse(y):
        return numpy.clip((1 - numpy.hypot((X - x) / wide, (Y - y) / (wide * ASPECT * squash))) * wide * WIDTH / 1.5 + 0.5, 0, 1)

    side = numpy.maximum(ellipse(base), c.polygon([(x - wide, base - tall), (x + wide, base - tall), (x + wide, base), (x - wide, base)]))
    around = numpy.clip((X - x) / wide, -1, 1)
    c.over(side, bright * (1.05 - 0.45 * smooth(-0.6, 1.0, around)) * (0.95 - 0.25 * smooth(-1, -0.5, -around)), 0.25)
    c.over(ellipse(base - tall), min(0.97, bright * 1.25 + 0.14), 0.25)


def ball(c: Canvas, x: float, y: float, radius: float, bright: float) -> None:
    shadow = numpy.exp(-((((X - x) * ASPECT / (radius * 1.3)) ** 2 + ((Y - y - radius) / (radius * 0.35)) ** 2)))
    c.tone *= 1 - 0.35 * shadow
    lit = numpy.clip(1 - c.distance(x - radius * 0.25, y - radius * 0.4) / (radius * 1.5), 0, 1)
    c.over(c.disc(x, y, radius, 1.8), bright * 0.6 + 0.5 * lit, 0.8)


def desk(c: Canvas, time: str, weather: str) -> None:
    light = LIGHTS[time]
    table = c.one(0.68, 0.76)
    wall = 0.22 + 0.45 * light.bottom
    c.tone[:] = wall * (1.05 - 0.35 * Y)
    # A window out of focus, where there is room, and light that falls from it.
    x = float(numpy.clip(c.focus + c.one(-0.08, 0.08), 0.06, 0.94))
    half, top, sill = c.one(0.10, 0.14), c.one(0.06, 0.12), c.one(0.50, 0.58)
    window = c.polygon([(x - half, top), (x + half, top), (x + half, sill), (x - half, sill)])
    cross = c.strokes([[(x, top), (x, sill)], [(x - half, (top + sill) / 2), (x + half, (top + sill) / 2)]], 6)
    pane = blurred(window * (1 - cross), 5)
    c.shine(0.45 * blurred(window, 60) * light.bottom, 0.3)
    outside = light.top + (light.bottom * 1.1 - light.top) * smooth(top, sill, Y)
    c.over(pane, numpy.clip(outside + 0.08, 0, 1), 0.3 if time in ("dawn", "dusk") else 0.05)
    # The table, with its grain.
    depth = numpy.clip((Y - table) / (1 - table), 0, 1)
    grain = c.noise(3, 40, 2)
    c.over(c.below(numpy.full(WIDTH, table), 1.5), wall * (0.62 - 0.22 * depth) + 0.018 * grain * c.room[None] + 0.05, 0.35)
    c.shine(0.22 * numpy.exp(-(((X - x) / 0.2) ** 2)) * (Y > table) * light.bottom * (1 - 0.6 * depth), 0.3)
    spots = numpy.clip(c.focus + numpy.array([-0.11, 0.10]) + c.one(-0.03, 0.03), 0.06, 0.94)
    things = c.rng.permutation(4)[:2]
    for spot, thing in zip(spots, things):
        (mug, plant, lamp, books)[thing](c, float(spot), table + c.one(0.08, 0.15), wall)


def stand(c: Canvas, x: float, y: float, wide: float) -> None:
    c.tone *= 1 - 0.4 * numpy.exp(-(((X - x - 0.01) / (wide * 1.25)) ** 2 + ((Y - y) / 0.022) ** 2))


def mug(c: Canvas, x: float, y: float, wall: float) -> None:
    half, tall = 0.034, 0.13
    stand(c, x, y, half)
    handle = numpy.clip(1.5 - numpy.abs(c.distance(x + half * 1.05, y - tall * 0.52) - 0.036) * HEIGHT / 4, 0, 1)
    c.over(handle, wall * 0.85 + 0.05, 0.8)
    body = c.polygon([(x - half, y - tall), (x + half, y - tall), (x + half * 0.86, y), (x - half * 0.86, y)])
    c.over(body, wall * 1.05 + 0.10 - 0.28 * smooth(-0.6, 1, (X - x) / half), 0.8)


def plant(c: Canvas, x: float, y: float, wall: float) -> None:
    half, tall = 0.036, 0.10
    stand(c, x, y, half)
    leaves = []
    for angle in numpy.linspace(-1.15, 1.15, 7) + c.one(-0.1, 0.1):
        reach = c.one(0.17, 0.25)
        tip = (x + numpy.sin(angle) * reach / ASPECT * 1.1, y - tall - numpy.cos(angle) * reach)
        side = (0.020 * numpy.cos(angle), 0.034 * numpy.sin(angle))
        middle = ((x + tip[0]) / 2, (y - tall + tip[1]) / 2)
        leaves.append([(x, y - tall), (middle[0] - side[0], middle[1] - side[1]), tip, (middle[0] + side[0], middle[1] + side[1])])
    c.over(c.polygons(leaves), wall * 0.42 + 0.10 * smooth(y, y - 0.3, Y), 0.15)
    pot = c.polygon([(x - half, y - tall), (x + half, y - tall), (x + half * 0.72, y), (x - half * 0.72, y)])
    c.over(pot, wall * 1.0 + 0.08 - 0.26 * smooth(-0.6, 1, (X - x) / half), 0.6)


def lamp(c: Canvas, x: float, y: float, wall: float) -> None:
    stand(c, x, y, 0.04)
    c.over(c.strokes([[(x, y), (x, y - 0.30)]], 4), wall * 0.35, 0.1)
    c.over(c.polygon([(x - 0.035, y), (x + 0.035, y), (x + 0.028, y - 0.018), (x - 0.028, y - 0.018)]), wall * 0.35, 0.1)
    shade = c.polygon([(x - 0.034, y - 0.40), (x + 0.034, y - 0.40), (x + 0.058, y - 0.27), (x - 0.058, y - 0.27)])
    c.shine(0.45 * c.glow(x, y - 0.28, 0.30), 0.6)
    c.over(shade, min(0.95, wall + 0.32) - 0.5 * (y - 0.27 - Y), 0.7)


def books(c: Canvas, x: float, y: float, wall: float) -> None:
    stand(c, x, y, 0.09)
    up = y
    for _ in range(int(c.rng.integers(2, 5))):
        half, tall, shift = c.one(0.065, 0.09), c.one(0.028, 0.04), c.one(-0.012, 0.012)
        cover = c.polygon([(x + shift - half, up - tall), (x + shift + half, up - tall), (x + shift + half, up), (x + shift - half, up)])
        c.over(cover, wall * c.one(0.4, 1.1) + 0.04, c.one(0, 0.9))
        up -= tall


def circuit(c: Canvas, time: str, weather: str) -> None:
    c.tone[:] = 0.07 + 0.10 * c.glow(c.focus, 0.5, 0.7) + 0.02 * Y
    columns, rows = 25, 15
    taken = numpy.zeros((rows + 1, columns + 1), bool)
    lines, pads, x0 = [], [], round(c.focus * columns)
    half = 2
    chip_row = int(c.rng.integers(5, 11))
    taken[chip_row - half : chip_row + half + 1, max(0, x0 - half) : x0 + half + 1] = True
    for _ in range(60):
        x, y = round(c.place() * columns), int(c.rng.integers(0, rows + 1))
        if taken[y, x]:
            continue
        heading = c.rng.choice([-1, 1], 2)
        dx, dy = (heading[0], 0) if c.rng.random() < 0.6 else (0, heading[1])
        path = [(x, y)]
        taken[y, x] = True
        for step in range(int(c.rng.integers(3, 9))):
            if c.rng.random() < 0.28:
                dx, dy = (heading[0], heading[1]) if dx == 0 or dy == 0 else (heading[0], 0)
            nx, ny = x + dx, y + dy
            if not (0 <= nx <= columns and 0 <= ny <= rows) or taken[ny, nx]:
                break
            x, y = nx, ny
            taken[y, x] = True
            path.append((x, y))
        if len(path) > 2:
            lines.append([(px / columns, py / rows) for px, py in path])
            pads += [lines[-1][0], lines[-1][-1]]
    strength = 0.12 + 0.88 * c.room[None]
    wires = c.strokes(lines, 3)
    c.shine(0.40 * blurred(wires, 7) * strength, 0.4)
    c.over(wires * strength * 0.9, 0.58, 0.3)
    dots = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
    for x, y in pads:
        cv2.circle(dots, (int(x * WIDTH), int(y * HEIGHT)), 6, 255, -1, cv2.LINE_AA)
    dots = dots.astype(numpy.float32) / 255
    c.shine(0.5 * blurred(dots, 8) * strength, 0.9)
    c.over(dots * strength, 0.85, 0.85)
    x, y, wide, tall = x0 / columns, chip_row / rows, 1.7 / columns, 1.7 / rows
    pins = [[(x + k * wide / 3, y - tall * 1.3), (x + k * wide / 3, y + tall * 1.3)] for k in range(-2, 3)]
    pins += [[(x - wide * 1.3, y + k * tall / 3), (x + wide * 1.3, y + k * tall / 3)] for k in range(-2, 3)]
    c.over(c.strokes(pins, 4), 0.62, 0.6)
    c.over(c.polygon([(x - wide, y - tall), (x + wide, y - tall), (x + wide, y + tall), (x - wide, y + tall)]), 0.17, 0.1)
    c.shine(0.35 * c.glow(x, y, 0.09), 0.8)
    inner = [(x - wide * 0.5, y - tall * 0.5), (x + wide * 0.5, y - tall * 0.5), (x + wide * 0.5, y + tall * 0.5), (x - wide * 0.5, y + tall * 0.5)]
    c.over(c.polygon(inner), 0.42, 0.8)
