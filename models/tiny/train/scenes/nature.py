"""Landscapes: sky, sea, mountains, forest, dunes, space."""

from dataclasses import dataclass

import cv2
import numpy

from .canvas import ASPECT, COLUMNS, HEIGHT, ROWS, WIDTH, X, Y, Canvas, blurred, smooth


@dataclass(frozen=True)
class Light:
    """Tones of a time of day."""

    top: float
    bottom: float
    land: float
    sun: float
    stars: float


LIGHTS = {
    "day": Light(0.58, 0.90, 0.30, 0.55, 0.0),
    "dawn": Light(0.42, 0.86, 0.20, 0.60, 0.0),
    "dusk": Light(0.16, 0.70, 0.06, 0.60, 0.1),
    "night": Light(0.03, 0.27, 0.01, 0.40, 1.0),
}
HAZE = {"clear": 0.45, "cloudy": 0.6, "misty": 1.0, "snow": 0.75, "rain": 0.75}


def heaven(c: Canvas, time: str, weather: str, horizon: float, sun_height: float | None = None) -> Light:
    """Sky with its sun or moon, stars and clouds."""
    light = LIGHTS[time]
    dim = 0.8 if weather in ("rain", "cloudy") and time != "night" else 1.0
    c.sky(light.top * dim, light.bottom * dim, horizon)
    if time in ("dawn", "dusk"):
        c.accent += 0.75 * smooth(0.25, 1.0, ROWS / horizon) * (0.5 + 0.5 * c.glow(c.focus, horizon, 0.9))
    if light.stars and weather in ("clear", "snow"):
        stars(c, int(90 * light.stars) + 10, horizon * 0.8)
    if weather != "rain":
        high = {"day": c.one(0.14, 0.3), "night": c.one(0.14, 0.3)}.get(time, horizon - c.one(0.02, 0.1))
        sun(c, c.focus, high if sun_height is None else sun_height, c.one(0.055, 0.09), light, time)
    if weather in ("cloudy", "rain"):
        veil = smooth(-0.1, 1.2, c.noise(3, 6, 4) + 0.3 * c.room[None]) * smooth(1.0, 0.3, Y / horizon)
        c.over(0.75 * veil, light.bottom * (0.62 if weather == "rain" else 1.02), 0.1)
    return light


def sun(c: Canvas, x: float, y: float, radius: float, light: Light, time: str) -> None:
    disc = c.disc(x, y, radius, 2.5)
    c.shine(0.5 * light.sun * c.glow(x, y, radius * 5), 0.8 if time != "night" else 0.2)
    c.shine(0.5 * light.sun * c.glow(x, y, radius * 2), 0.5)
    c.over(disc, 0.97 if time != "dusk" else 0.9, 0.6 if time != "night" else 0.15)


def stars(c: Canvas, count: int, lowest: float) -> None:
    field = numpy.zeros((HEIGHT, WIDTH), numpy.float32)
    for _ in range(count):
        x, y = int(c.one(0, WIDTH)), int(c.one(0, HEIGHT * lowest))
        cv2.circle(field, (x, y), int(c.rng.choice([1, 1, 2])), c.one(0.3, 1.0), -1)
    c.shine(cv2.GaussianBlur(field, (0, 0), 0.9))


def fall(c: Canvas, weather: str) -> None:
    """Snow or rain in front of everything."""
    field = numpy.zeros((HEIGHT, WIDTH), numpy.float32)
    if weather == "snow":
        for _ in range(80):
            x, y = int(c.one(0, WIDTH)), int(c.one(0, HEIGHT))
            cv2.circle(field, (x, y), int(c.rng.choice([1, 2, 2, 3, 5])), c.one(0.3, 0.85), -1)
        c.shine(0.8 * cv2.GaussianBlur(field, (0, 0), 1.4))
    elif weather == "rain":
        lean = c.one(0.02, 0.06)
        starts = [(c.one(0, 1.05), c.one(-0.05, 1)) for _ in range(70)]
        lines = [[(x, y), (x - lean, y + c.one(0.08, 0.16))] for x, y in starts]
        c.shine(0.22 * cv2.GaussianBlur(c.strokes(lines, 1), (0, 0), 0.8))


def layered(c: Canvas, time, weather, horizon, profile, count: int, shade) -> None:
    """Silhouettes from far to near, the far ones lost in haze. `profile(depth)` gives a line of heights."""
    light, haze = LIGHTS[time], HAZE[weather]
    far = light.bottom * (0.82 if time != "night" else 0.9)
    for layer in range(count):
        depth = layer / max(1, count - 1)
        line = profile(depth)
        mask = c.below(line, 1.5 + 1.5 * (1 - depth))
        near = light.land + (far - light.land) * (1 - depth) ** 0.9 * (0.55 + 0.45 * haze)
        tone = near + shade(depth, line)
        tone = tone + haze * 0.35 * (far - near) * smooth(0.02, 0.30, Y - line[None])
        glow = 0.5 * (1 - depth) if time in ("dawn", "dusk") else 0.0
        c.over(mask, tone, glow)


def clouds(c: Canvas, time: str, weather: str) -> None:
    light = heaven(c, time, "clear", 1.0)
    room = c.room[None]
    level = c.one(0.50, 0.62)
    density = 0.55 * c.noise(3, 3, 5, 0.52) + 2.0 * (Y - level) + 0.55 * (room - 0.55)
    if c.side != "none":
        density -= 0.25 * (1 - room)
    mask = smooth(-0.02, 0.30, density)
    lit = density - numpy.roll(blurred(density, 8), 14, 0)
    body = numpy.clip(0.55 + 0.8 * lit, 0, 1)
    dark, bright = light.bottom * 0.72 + 0.02, min(1.0, light.bottom * 1.05 + 0.14)
    c.over(mask * 0.95, dark + (bright - dark) * body, 0.35 * body * (time in ("dawn", "dusk")))
    wisps = smooth(0.4, 1.6, c.noise(3, 14, 3)) * smooth(0.7, 0.2, Y)
    c.shine(0.25 * wisps * (0.4 + 0.6 * room))


def ocean(c: Canvas, time: str, weather: str) -> None:
    horizon = c.one(0.48, 0.64)
    light = heaven(c, time, weather, horizon)
    depth = numpy.clip((Y - horizon) / (1 - horizon), 0, 1)
    sea = light.bottom * 0.72 + (light.land * 0.9 + 0.05 - light.bottom * 0.72) * depth**0.6
    # Waves are wide and flat far away, and larger close by.
    rows = cv2.resize(c.rng.standard_normal((70, 14), dtype=numpy.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    sample = numpy.clip((0.2 + 0.8 * depth**0.45) * (HEIGHT - 1), 0, HEIGHT - 1).astype(numpy.float32)
    ripples = cv2.remap(rows, (X * (WIDTH - 1)).astype(numpy.float32), sample, cv2.INTER_LINEAR)
    sea = sea + 0.045 * ripples * (0.3 + depth) * (0.35 + 0.65 * c.room[None])
    path = numpy.exp(-(((X - c.focus) / (0.035 + 0.10 * depth)) ** 2))
    glitter = path * smooth(-0.5, 1.0, ripples) * (weather != "rain")
    c.over(c.below(numpy.full(WIDTH, horizon), 1.5), sea, 0.25 * (1 - depth) * (time in ("dawn", "dusk")))
    c.shine((Y > horizon) * glitter * light.sun * 0.75, 0.8)
    if weather == "misty":
        c.over(0.7 * numpy.exp(-(((Y - horizon) / 0.09) ** 2)), light.bottom)
    fall(c, weather)


def mountains(c: Canvas, time: str, weather: str) -> None:
    horizon = c.one(0.60, 0.72)
    light = heaven(c, time, weather, horizon)
    ridged = 0.9 if time != "night" else 0.5

    def profile(depth):
        rough = numpy.abs(c.line(4, 5, 0.52))
        rise = c.one(0.20, 0.30) * (1 - 0.55 * depth)
        peak = numpy.exp(-(((COLUMNS - c.focus) / c.one(0.16, 0.24)) ** 2)) * c.one(0.16, 0.30) * (1 - depth)
        high = rise * (1 - 0.75 * rough) * (0.25 + 0.75 * c.room) + peak
        return horizon - high + 0.36 * depth**1.2 - 0.04 * c.line(2, 2)

    def shade(depth, line):
        slope = cv2.GaussianBlur(numpy.gradient(line)[None].astype(numpy.float32), (0, 0), 3.5)[0] * HEIGHT
        body = numpy.clip(Y - line[None], 0, 1)
        rough = c.noise(10, 7, 3)
        # Faces run down from the crest and lean with the light.
        column = numpy.clip((X - 0.42 * body + 0.012 * rough) * WIDTH, 0, WIDTH - 1).astype(numpy.int32)
        face = numpy.tanh(slope[column] * 1.5 + 0.15 * rough)
        snow = smooth(0.13, 0.05, body + 0.06 * rough) * (depth < 0.45) * smooth(horizon - 0.10, horizon - 0.17, line[None])
        white = light.bottom * (0.5 if weather != "snow" else 0.7)
        return 0.085 * ridged * face * smooth(0.55, 0.0, body) + snow * white * (0.55 + 0.45 * face)

    layered(c, time, weather, horizon, profile, int(c.rng.integers(3, 6)), shade)
    fall(c, weather)


def forest(c: Canvas, time: str, weather: str) -> None:
    horizon = c.one(0.52, 0.62)
    heaven(c, time, weather, horizon, sun_height=c.one(0.2, 0.4))

    def profile(depth):
        base = horizon + 0.06 + 0.42 * depth**1.2 - 0.05 * c.line(2, 2) * (1 - 0.3 * depth)
        line = base.copy()
        for _ in range(int(46 - 22 * depth)):
            x = c.one(-0.02, 1.02)
            near = c.room[min(WIDTH - 1, max(0, int(x * WIDTH)))]
            tall = (0.07 + 0.27 * depth**1.2) * c.one(0.55, 1.2) * (0.3 + 0.7 * near)
            wide = tall * 0.20
            part = numpy.clip(1 - numpy.abs(COLUMNS - x) / wide, 0, 1)
            # A fir: a triangle whose sides are cut into boughs.
            boughs = numpy.clip(part - 0.035 * (1 - part) * (1 + numpy.sin(part * 42)), 0, 1)
            line = numpy.minimum(line, base - tall * boughs * (part > 0))
        return line

    layered(c, time, weather, horizon, profile, int(c.rng.integers(3, 5)), lambda depth, line: 0.0)
    fall(c, weather)


def dunes(c: Canvas, time: str, weather: str) -> None:
    horizon = c.one(0.46, 0.58)
    light = heaven(c, time, weather if weather == "cloudy" else "clear", horizon)
    far, count = light.bottom * 0.78, int(c.rng.integers(3, 6))
    for layer in range(count):
        depth = layer / (count - 1)
        swell = c.line(2, 2, 0.35)
        crest = numpy.exp(-(((COLUMNS - c.focus - c.one(-0.15, 0.15)) / 0.22) ** 2)) * 0.13 * c.room
        line = horizon + 0.46 * depth**1.1 - (0.035 + 0.055 * depth) * swell - crest * (0.5 + 0.5 * depth)
        base = far + (light.land + 0.16 - far) * (0.25 + 0.75 * depth)
        # The lit side and the side in shadow meet along a line that leaves the crest.
        ridge = numpy.clip(c.focus + 0.10 * numpy.sin(9 * (Y - line[None])) + 0.55 * (Y - line[None]) - 0.2, 0, 1.2)
        lit = smooth(0.035, -0.035, X - ridge)
        tone = base * (0.70 + 0.42 * lit) + 0.05 * smooth(0.10, 0.0, Y - line[None])
        ripple = numpy.sin((Y - line[None]) * 95 + 2.5 * c.noise(4, 3, 2)) * 0.014 * depth * c.room[None]
        c.over(c.below(line, 2), tone + ripple, 0.35 * (1 - depth) * lit * (time in ("dawn", "dusk")))


def space(c: Canvas, time: str, weather: str) -> None:
    c.tone[:] = 0.03
    gas = c.noise(3, 2, 5, 0.55)
    veins = 1 - numpy.abs(c.noise(3, 2, 4))
    cloud = smooth(0.0, 1.5, gas + 0.5 * veins + 0.5 * (c.room[None] - 0.7)) * (0.30 + 0.70 * c.room[None])
    c.tone += 0.55 * cloud * (0.5 + 0.5 * smooth(0, 1, veins))
    c.accent += 0.8 * smooth(0.3, 1.3, c.noise(2, 2, 3)) * cloud
    stars(c, 130, 1.0)
    if c.one(0, 1) < 0.75:
        planet(c, c.focus, c.one(0.32, 0.62), c.one(0.15, 0.27))


def planet(c: Canvas, x: float, y: float, radius: float) -> None:
    angle = c.one(0.5, 2.6)
    across, down = (X - x) * ASPECT / radius, (Y - y) / radius
    deep = numpy.sqrt(numpy.clip(1 - across**2 - down**2, 0, 1))
    lit = numpy.clip(0.85 * (across * numpy.cos(angle) - down * numpy.sin(angle)) + 0.5 * deep + 0.08, 0, 1)
    tilt = c.one(-0.5, 0.5)
    bands = 0.5 + 0.5 * numpy.sin(6 * (down + tilt * across) + 1.2 * c.noise(4, 4, 2))
    c.shine(0.45 * numpy.exp(-numpy.clip(c.distance(x, y) / radius - 1, 0, 9) * 7), 0.5)
    c.over(c.disc(x, y, radius, 1.8), 0.02 + lit * (0.55 + 0.28 * bands), 0.55 * bands * lit)
    if c.one(0, 1) < 0.45:
        flat = (down + 0.25 * across) / 0.28
        ring = numpy.hypot(across, flat)
        band = smooth(1.35, 1.42, ring) * smooth(2.05, 1.95, ring) * (0.55 + 0.45 * numpy.sin(ring * 26))
        front = (down + 0.25 * across > 0) | (across**2 + down**2 > 1)
        c.over(band * front * 0.85, 0.72, 0.45)
