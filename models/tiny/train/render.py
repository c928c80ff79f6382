"""Draws scenes into shards, for the trainings to read: `render.py FOLDER --from 0 --count 12000`.

A shard that is there already is passed over, so that a run that was stopped goes on.
"""

import argparse
import os
import time
from pathlib import Path

import numpy

from scenes import HEIGHT, WIDTH, draw, sample

def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--count", type=int, default=12000)
    asked.add_argument("--shard", type=int, default=250)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for start in range(given.first, given.first + given.count, given.shard):
        path = given.folder / f"{start:07}.npy"
        if path.exists():
            continue
        before = time.perf_counter()
        pictures = numpy.empty((given.shard, HEIGHT, WIDTH, 3), numpy.uint8)
        for place in range(given.shard):
            pictures[place] = draw(sample(start + place))
        beside = path.with_suffix(".new")
        with open(beside, "wb") as file:
            numpy.save(file, pictures)
        os.rename(beside, path)
        print(f"{path.name}: {given.shard / (time.perf_counter() - before):.1f} scenes/s", flush=True)


if __name__ == "__main__":
    main()
