"""Procedural scenes: what the models learn from. The same number always makes the same picture and caption."""

from dataclasses import dataclass

import numpy

from . import abstract, built, nature
from .canvas import HEIGHT, WIDTH, Canvas
from .palettes import PALETTES

VERSION = 1
FAMILIES = {
    "clouds": nature.clouds,
    "ocean": nature.ocean,
    "mountains": nature.mountains,
    "forest": nature.forest,
    "desert": nature.dunes,
    "space": nature.space,
    "city": built.skyline,
    "synthwave": built.synthwave,
    "studio": built.studio,
    "desk": built.desk,
    "circuit": built.circuit,
    "rays": abstract.rays,
    "bokeh": abstract.bokeh,
    "liquid": abstract.liquid,
    "waves": abstract.waves,
    "geometry": abstract.geometry,
}
SIDES = ["none", "left", "right", "centre"]
TIMES = ["day", "dawn", "dusk", "night"]
WEATHERS = ["clear", "cloudy", "misty", "snow", "rain"]
# What a family shows of time and weather; other families do not depend on them.
TIMED = {"clouds", "ocean", "mountains", "forest", "desert", "city", "desk"}
WEATHERED = {"ocean": 5, "mountains": 5, "forest": 5, "city": 5, "desert": 2}


@dataclass(frozen=True)
class Scene:
    """Everything that a scene is drawn from."""

    seed: int
    family: str
    palette: str
    side: str
    time: str | None
    weather: str | None
    shift: int


def sample(seed: int) -> Scene:
    rng = numpy.random.default_rng([VERSION, 0, seed])
    family = str(rng.choice(list(FAMILIES)))
    palette = PALETTES[int(rng.integers(len(PALETTES)))].name
    side = str(rng.choice(SIDES, p=[0.28, 0.27, 0.27, 0.18]))
    time = str(rng.choice(TIMES)) if family in TIMED else None
    weathers = WEATHERS[: WEATHERED.get(family, 0)]
    weather = str(rng.choice(weathers, p=weights(len(weathers)))) if weathers else None
    return Scene(seed, family, palette, side, time, weather, int(rng.integers(-4, 5)))


def weights(count: int) -> list[float]:
    """Clear skies are the most common."""
    return [0.4] + [0.6 / (count - 1)] * (count - 1)


def draw(scene: Scene) -> numpy.ndarray:
    """The picture of a scene, `[384, 640, 3]`, bytes."""
    canvas = Canvas(numpy.random.default_rng([VERSION, 1, scene.seed]), scene.side)
    FAMILIES[scene.family](canvas, scene.time or "day", scene.weather or "clear")
    canvas.calm()
    return canvas.coloured(scene.palette, scene.shift)
