"""Doubles pictures: SRVGGNetCompact (Wang et al. 2021), taught on drawn pictures and on what the autoencoder makes of them.

    upscale.py RUN --pictures FOLDER --minutes 8
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy
import torch
from torch.nn import functional

import export
import optimise
import shards
import vae

WIDTH, DEPTH = 24, 6
# Pixels of the border that are repeated around a picture, so that no convolution sees beyond it.
AROUND = 4


class Compact(torch.nn.Module):
    """Convolutions at the small size, a shuffle of pixels, and the enlarged input added; names as in Real-ESRGAN."""

    def __init__(self):
        super().__init__()
        layers = [torch.nn.Conv2d(3, WIDTH, 3, padding=1), torch.nn.PReLU(WIDTH)]
        for _ in range(DEPTH):
            layers += [torch.nn.Conv2d(WIDTH, WIDTH, 3, padding=1), torch.nn.PReLU(WIDTH)]
        layers.append(torch.nn.Conv2d(WIDTH, 12, 3, padding=1))
        self.body = torch.nn.ModuleList(layers)
        start_as_interpolation(self)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = x
        for layer in self.body:
            out = layer(out)
        return functional.pixel_shuffle(out, 2) + functional.interpolate(x, scale_factor=2, mode="nearest")


@torch.no_grad()
def start_as_interpolation(network: Compact) -> None:
    """Sets weights so that pictures are enlarged by the parabola through three neighbours, along both sides.

    Three channels carry the colours through: they are never negative, so rectifiers leave them as they are. All other
    channels begin at random and have no say yet.
    """
    *hidden, last = (layer for layer in network.body if isinstance(layer, torch.nn.Conv2d))
    for layer in hidden:
        layer.weight[:3] = 0
        layer.bias[:3] = 0
        for colour in range(3):
            layer.weight[colour, colour, 1, 1] = 1
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.zeros_(last.bias)
    at = torch.tensor([-0.25, 0.25])
    taps = torch.stack([at * (at - 1) / 2, 1 - at**2, at * (at + 1) / 2], 1)
    for place in range(4):
        kernel = torch.outer(taps[place // 2], taps[place % 2])
        # The picture itself is added.
        kernel[1, 1] -= 1
        for colour in range(3):
            last.weight[4 * colour + place, colour] = kernel


def doubled(network: Compact, pictures: torch.Tensor) -> torch.Tensor:
    out = network(functional.pad(pictures, (AROUND,) * 4, "replicate"))
    return out[..., 2 * AROUND : -2 * AROUND, 2 * AROUND : -2 * AROUND]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    asked.add_argument("--minutes", type=float, default=8)
    asked.add_argument("--batch", type=int, default=4)
    asked.add_argument("--rate", type=float, default=5e-4)
    asked.add_argument("--smoke", action="store_true", help="a few steps that have to lower the loss")
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(7)
    rng = numpy.random.default_rng(7)
    coder = export.coder(given.run)
    network = Compact()
    # Matrices made orthogonal would undo the start.
    average, optimiser = optimise.Average(network, 0.99), optimise.Muon(network, given.rate, plain=("body.",))
    paths, clock, step, sums = sorted(given.pictures.glob("*.npy")), optimise.Clock(given.minutes), 0, []
    path, saved = given.run / "upscale.pt", time.monotonic()
    if path.exists():
        state = torch.load(path, weights_only=True)
        network.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        clock.spent, step, average.count = state["spent"], state["step"], state["step"]
    while (part := clock.tick()) < 1 and not (given.smoke and step >= optimise.SMOKE):
        shard = numpy.load(paths[rng.integers(len(paths))], mmap_mode="r")
        # A smoke run sees the same pictures always, to see through the differences between batches.
        full = [shard[place if given.smoke else rng.integers(len(shard))] for place in range(given.batch)]
        small = shards.tensor([cv2.resize(each, shards.SIZE, interpolation=cv2.INTER_AREA) for each in full])
        wanted = shards.tensor(full) / 2 + 0.5
        with torch.no_grad():
            with torch.autocast("cpu", torch.bfloat16):
                latents = coder.encode(small).latent_dist.mean.float()
            # From here in full: the steps between numbers of bf16 are as large as what there is to learn.
            seen = (coder.decode(latents).sample / 2 + 0.5).clamp(0, 1)
            # Every other picture as it was drawn: what is blurred for good teaches nothing about edges.
            seen[::2] = small[::2] / 2 + 0.5
        made = doubled(network, seen)
        loss = vae.difference(made, wanted)
        base = vae.difference(functional.interpolate(seen, scale_factor=2, mode="bicubic"), wanted)
        network.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step(optimise.rate_at(part, step, given.rate, warm=4 if given.smoke else 40))
        average.update(network)
        step += 1
        sums.append((loss.item(), base.item()))
        if step % 10 == 0:
            loss, base = (float(numpy.mean(each)) for each in zip(*sums[-10:]))
            optimise.log(given.run / "upscale.jsonl", step=step, minutes=clock.spent / 60, loss=loss, bicubic=base)
        if time.monotonic() - saved > 60:
            keep(path, network, average, clock, step)
            saved = time.monotonic()
    keep(path, network, average, clock, step)
    if given.smoke:
        optimise.check([each[0] for each in sums])


def keep(path: Path, network, average, clock, step: int) -> None:
    networks = {"network": network.state_dict(), "average": average.network.state_dict()}
    optimise.save(path, {**networks, "spent": clock.spent, "step": step})


if __name__ == "__main__":
    main()
