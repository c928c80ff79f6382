"""Contact sheets of scenes: what the models are shown."""

import argparse
import time
from dataclasses import replace

import cv2
import numpy

from scenes import FAMILIES, draw, sample


def grid(pictures, columns: int, size=(320, 192), gap: int = 4) -> numpy.ndarray:
    small = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures]
    small = [cv2.copyMakeBorder(picture, 0, gap, 0, gap, cv2.BORDER_CONSTANT, value=(255,) * 3) for picture in small]
    while len(small) % columns:
        small.append(numpy.full_like(small[0], 255))
    return numpy.vstack([numpy.hstack(small[row : row + columns]) for row in range(0, len(small), columns)])


def write(path: str, picture: numpy.ndarray, quality: int = 88) -> None:
    cv2.imwrite(path, picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality] if path.endswith(".jpg") else [])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out")
    asked.add_argument("--family", default="")
    asked.add_argument("--each", type=int, default=4)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    chosen = given.family.split(",") if given.family else list(FAMILIES)
    pictures, seed, spent = [], given.seed, {}
    for family in chosen:
        found = 0
        while found < given.each:
            scene = sample(seed)
            seed += 1
            if scene.family == family:
                before = time.perf_counter()
                pictures.append(draw(scene))
                spent[family] = spent.get(family, 0) + time.perf_counter() - before
                found += 1
    write(given.out, grid(pictures, given.each))
    print({family: round(given.each / seconds, 1) for family, seconds in spent.items()}, "scenes/s")


if __name__ == "__main__":
    main()
