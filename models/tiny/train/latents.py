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


def evened(run: Path, source: Path):
    """The autoencoder whose latents have lost their mean and correlations, and half of the difference of their spreads.

    That is a matrix after the encoder and its inverse before the decoder, which the 1x1 convolutions there take in.
    """
    path, network = run / "even.pt", vae.network().eval()
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True)["average"])
        return network
    network.load_state_dict(torch.load(run / "vae.pt", weights_only=True)["average"])
    shard = numpy.load(source, mmap_mode="r")
    small = [cv2.resize(picture, shards.SIZE, interpolation=cv2.INTER_AREA) for picture in shard]
    found = numpy.concatenate([encode(network, each) for each in shards.tensor(small).split(BATCH)])
    flat = found.transpose(1, 0, 2, 3).reshape(vae.LATENTS, -1).astype(numpy.float64)
    mean = flat.mean(1)
    variances, axes = numpy.linalg.eigh(numpy.cov(flat))
    matrix = torch.from_numpy(axes * variances**-0.25).T.float()
    mean = torch.from_numpy(mean).float()
    with torch.no_grad():
        before, after = network.quant_conv, network.post_quant_conv
        half, points = vae.LATENTS, before.weight[: vae.LATENTS, :, 0, 0].clone()
        before.weight[:half, :, 0, 0] = matrix @ points
        before.bias[:half] = matrix @ (before.bias[:half] - mean)
        # No spread, as far as it can be said: latents are their mean.
        before.weight[half:], before.bias[half:] = 0, -30
        after.bias += after.weight[:, :, 0, 0] @ mean
        after.weight[:, :, 0, 0] = after.weight[:, :, 0, 0] @ torch.linalg.inv(matrix)
    optimise.save(path, {"average": network.state_dict()})
    return network


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    asked.add_argument("--most", type=int, default=1000, help="shards")
    given = asked.parse_args()
    torch.set_num_threads(2)
    folder = given.run / "latents"
    folder.mkdir(exist_ok=True)
    sources = sorted(given.pictures.glob("*.npy"))[: given.most]
    network = evened(given.run, sources[0])
    for source in sources:
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
