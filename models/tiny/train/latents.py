"""Encodes shards of pictures once, for the UNet to learn from: `latents.py RUN --pictures FOLDER`.

Every fourth picture is also encoded with a part masked out, for inpainting. A shard that is there is passed over.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy
import torch

import optimise
import shards
import vae

BATCH = 10
EVERY = 4


def hole(rng: numpy.random.Generator) -> numpy.ndarray:
    """What is to be painted anew, 1 there: a box, or a few overlapping ellipses."""
    width, height = shards.SIZE
    mask = numpy.zeros((height, width), numpy.uint8)
    if rng.random() < 0.5:
        wide, high = rng.uniform(0.15, 0.7, 2) * shards.SIZE
        left, top = rng.uniform(-0.1, 0.9) * width, rng.uniform(-0.1, 0.9) * height
        mask[max(0, int(top)) : int(top + high), max(0, int(left)) : int(left + wide)] = 1
    else:
        middle = rng.uniform(0.15, 0.85, 2) * shards.SIZE
        for _ in range(int(rng.integers(1, 5))):
            at = (middle + rng.normal(0, 25, 2)).astype(int).tolist()
            cv2.ellipse(mask, at, rng.integers(12, 70, 2).tolist(), float(rng.uniform(0, 180)), 0, 360, 1, -1)
    return mask


@torch.no_grad()
def encode(network, pictures: torch.Tensor) -> numpy.ndarray:
    with torch.autocast("cpu", torch.bfloat16):
        return network.encode(pictures).latent_dist.mean.float().numpy()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    given = asked.parse_args()
    torch.set_num_threads(2)
    folder = given.run / "latents"
    folder.mkdir(exist_ok=True)
    network = vae.network().eval()
    network.load_state_dict(torch.load(given.run / "vae.pt", weights_only=True)["average"])
    for source in sorted(given.pictures.glob("*.npy")):
        path = folder / f"{source.stem}.pt"
        if path.exists():
            continue
        before = time.perf_counter()
        shard, rng = numpy.load(source, mmap_mode="r"), numpy.random.default_rng([5, int(source.stem)])
        small = [cv2.resize(picture, shards.SIZE, interpolation=cv2.INTER_AREA) for picture in shard]
        pictures = shards.tensor(small)
        whole = numpy.concatenate([encode(network, each) for each in pictures.split(BATCH)])
        holes = numpy.stack([hole(rng) for _ in range(0, len(shard), EVERY)])
        masks = torch.from_numpy(holes).float()[:, None]
        kept = pictures[::EVERY] * (masks < 0.5)
        state = {
            "whole": torch.from_numpy(whole).half(),
            "masks": torch.nn.functional.interpolate(masks, scale_factor=1 / 8).half(),
            "kept": torch.from_numpy(numpy.concatenate([encode(network, each) for each in kept.split(BATCH)])).half(),
            "grey": torch.from_numpy(encode(network, torch.zeros_like(pictures[:1]))).half(),
        }
        optimise.save(path, state)
        print(f"{path.name}: {len(shard) / (time.perf_counter() - before):.1f} pictures/s", flush=True)


if __name__ == "__main__":
    main()
