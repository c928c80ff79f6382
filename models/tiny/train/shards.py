"""Reads what `render.py` wrote."""

from pathlib import Path

import cv2
import numpy
import torch


SIZE = (320, 192)


class Pictures:
    """Random pictures out of the shards in a folder, half their size, the shards that appear meanwhile included."""

    def __init__(self, folder: Path, rng: numpy.random.Generator):
        self.folder, self.rng, self.opened = folder, rng, {}
        self.look()

    def look(self) -> None:
        for path in sorted(self.folder.glob("*.npy")):
            if path not in self.opened:
                self.opened[path] = numpy.load(path, mmap_mode="r")

    def batch(self, count: int) -> torch.Tensor:
        """`[count, 3, 192, 320]` from -1 to 1."""
        if self.rng.random() < 0.02:
            self.look()
        opened, out = list(self.opened.values()), []
        for _ in range(count):
            shard = opened[self.rng.integers(len(opened))]
            picture = cv2.resize(shard[self.rng.integers(len(shard))], SIZE, interpolation=cv2.INTER_AREA)
            out.append(picture[:, :: int(self.rng.choice([-1, 1]))])
        return tensor(out)


def tensor(pictures) -> torch.Tensor:
    """Pictures of bytes as `[count, 3, height, width]` from -1 to 1."""
    return torch.from_numpy(numpy.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
