"""Two fields to draw on, tone and accent, with the few brushes that all scenes share."""

import cv2
import numpy

from .palettes import STEPS, ramps

WIDTH, HEIGHT = 640, 384
ASPECT = WIDTH / HEIGHT
X, Y = numpy.meshgrid(
    (numpy.arange(WIDTH, dtype=numpy.float32) + 0.5) / WIDTH, (numpy.arange(HEIGHT, dtype=numpy.float32) + 0.5) / HEIGHT
)
COLUMNS, ROWS = X[0], Y[:, :1]
SUBPIXEL = 4

cv2.setNumThreads(1)


def smooth(low, high, value):
    """0 below `low`, 1 above `high`, without a corner."""
    part = numpy.clip((value - low) / (high - low), 0, 1)
    return part * part * (3 - 2 * part)


class Canvas:
    """What is drawn on. `room` is 1 where a subject may be and 0 where copy goes, per column."""

    def __init__(self, rng: numpy.random.Generator, side: str):
        self.rng = rng
        self.side = side
        self.tone = numpy.zeros((HEIGHT, WIDTH), numpy.float32)
        self.accent = numpy.zeros((HEIGHT, WIDTH), numpy.float32)
        edge = rng.uniform(-0.03, 0.03)
        match side:
            case "left":
                room, focus = smooth(0.40 + edge, 0.62 + edge, COLUMNS), rng.uniform(0.70, 0.82)
            case "right":
                room, focus = 1 - smooth(0.38 + edge, 0.60 + edge, COLUMNS), rng.uniform(0.18, 0.30)
            case "centre":
                room = smooth(0.20 + edge, 0.36 + edge, numpy.abs(COLUMNS - 0.5))
                focus = rng.choice([rng.uniform(0.07, 0.15), rng.uniform(0.85, 0.93)])
            case _:
                room, focus = numpy.ones(WIDTH), rng.uniform(0.3, 0.7)
        self.room = room.astype(numpy.float32)
        self.focus = float(focus)

    # -- numbers ------------------------------------------------------------------------------------------------------

    def one(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def noise(self, columns: int, rows: int, octaves: int = 3, fade: float = 0.5) -> numpy.ndarray:
        """Smooth noise around 0 with about unit reach, `columns`×`rows` bumps at first and twice as many each octave."""
        total, weight = numpy.zeros((HEIGHT, WIDTH), numpy.float32), 0.0
        for octave in range(octaves):
            size = (min(columns << octave, WIDTH), min(rows << octave, HEIGHT))
            grid = self.rng.standard_normal((size[1] + 1, size[0] + 1), dtype=numpy.float32)
            total += fade**octave * cv2.resize(grid, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
            weight += fade ** (2 * octave)
        return total / (1.2 * weight**0.5)

    def line(self, bumps: int, octaves: int = 3, fade: float = 0.5) -> numpy.ndarray:
        """As `noise`, along a line."""
        total, weight = numpy.zeros(WIDTH, numpy.float32), 0.0
        for octave in range(octaves):
            grid = self.rng.standard_normal((1, (bumps << octave) + 1), dtype=numpy.float32)
            total += fade**octave * cv2.resize(grid, (WIDTH, 1), interpolation=cv2.INTER_CUBIC)[0]
            weight += fade ** (2 * octave)
        return total / (1.2 * weight**0.5)

    def place(self) -> float:
        """A column from 0 to 1 where there is room."""
        weight = self.room.astype(numpy.float64) ** 2 + 1e-4
        return float((self.rng.choice(WIDTH, p=weight / weight.sum()) + 0.5) / WIDTH)

    def around(self, x: float, y: float, reach: float) -> tuple[slice, slice]:
        """The part of the fields within `reach` of a point, in heights of the picture."""
        wide, left, top = reach / ASPECT, x - reach / ASPECT, y - reach
        columns = slice(max(0, int(left * WIDTH)), max(1, int((left + 2 * wide) * WIDTH) + 1))
        return slice(max(0, int(top * HEIGHT)), max(1, int((top + 2 * reach) * HEIGHT) + 1)), columns

    # -- masks --------------------------------------------------------------------------------------------------------

    def disc(self, x: float, y: float, radius: float, soft: float = 1.5) -> numpy.ndarray:
        """A circle; `radius` in heights of the picture, `soft` in pixels."""
        return numpy.clip((radius - self.distance(x, y)) * HEIGHT / soft + 0.5, 0, 1)

    def distance(self, x: float, y: float) -> numpy.ndarray:
        return numpy.hypot((X - x) * ASPECT, Y - y)

    def glow(self, x: float, y: float, radius: float) -> numpy.ndarray:
        return numpy.exp(-((self.distance(x, y) / radius) ** 2))

    def below(self, profile: numpy.ndarray, soft: float = 1.5) -> numpy.ndarray:
        """All under a line of heights (0 at the top)."""
        return numpy.clip((Y - profile[None]) * HEIGHT / soft + 0.5, 0, 1)

    def polygon(self, points) -> numpy.ndarray:
        """The inside of a polygon with corners in 0..1."""
        return self.polygons([points])

    def polygons(self, shapes) -> numpy.ndarray:
        mask = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
        scale = numpy.array([WIDTH, HEIGHT]) * (1 << SUBPIXEL)
        for points in shapes:
            corners = numpy.round(numpy.array(points) * scale).astype(numpy.int32)
            cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, SUBPIXEL)
        return mask.astype(numpy.float32) / 255

    def strokes(self, lines, thickness: int) -> numpy.ndarray:
        """Open lines through points in 0..1."""
        mask = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
        scale = numpy.array([WIDTH, HEIGHT]) * (1 << SUBPIXEL)
        for points in lines:
            corners = numpy.round(numpy.array(points) * scale).astype(numpy.int32)
            cv2.polylines(mask, [corners], False, 255, thickness, cv2.LINE_AA, SUBPIXEL)
        return mask.astype(numpy.float32) / 255

    # -- paint --------------------------------------------------------------------------------------------------------

    def over(self, mask, tone, accent=0.0) -> None:
        """Covers what is there."""
        self.tone += mask * (tone - self.tone)
        self.accent += mask * (accent - self.accent)

    def shine(self, light, accent=None) -> None:
        """Adds light, less where there is much already."""
        self.tone += light * (1 - numpy.clip(self.tone, 0, 1) * 0.7)
        if accent is not None:
            self.accent += numpy.clip(light * accent, 0, 1) * (1 - self.accent)

    def sky(self, top: float, bottom: float, horizon: float = 1.0) -> None:
        self.tone[:] = top + (bottom - top) * numpy.clip(ROWS / horizon, 0, 1) ** 1.3

    def calm(self) -> None:
        """Takes detail out of where copy goes, as if it lay out of focus."""
        if self.side == "none":
            return
        away = (1 - self.room) * 0.92
        for field in (self.tone, self.accent):
            field += away[None] * (blurred(field, 26) - field)

    def coloured(self, palette: str, shift: int) -> numpy.ndarray:
        """The picture, `[HEIGHT, WIDTH, 3]` from 0 to 255."""
        steps = numpy.clip(self.tone * (STEPS - 1), 0, STEPS - 1).astype(numpy.int32)
        main, accent = ramps(palette, shift)
        mix = numpy.clip(self.accent, 0, 1)[..., None]
        colours = main[steps] * (1 - mix) + accent[steps] * mix
        return (colours * 255 + 0.5).astype(numpy.uint8)


def blurred(field: numpy.ndarray, pixels: float) -> numpy.ndarray:
    """A wide blur, by way of a small picture."""
    factor = max(1, int(pixels / 4))
    small = cv2.resize(field, (WIDTH // factor, HEIGHT // factor), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), pixels / factor, borderType=cv2.BORDER_REFLECT)
    return cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
