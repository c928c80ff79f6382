"""Paints captions with a run as it stands: `paint.py RUN OUT.png "mountains, blue, dusk" ...`.

Without captions, sixteen that show every family.
"""

import argparse
from pathlib import Path

import cv2
import numpy
import torch

import export
import text
import unet
from sheet import grid, write

SHOWN = [
    "clouds, sunset colours, copy space on the left, dusk",
    "ocean, teal, copy space on the right, dawn, clear",
    "mountains, blue, dawn, misty",
    "forest, green, copy space on the left, dawn, misty",
    "desert, orange, copy space on the right, dusk, clear",
    "space, purple, copy space on the left",
    "city, navy, copy space on the right, night, clear",
    "synthwave, neon",
    "studio, coral, copy space on the left",
    "desk, brown, copy space on the right, day",
    "circuit, green, copy space on the right",
    "rays, red, copy space on the left",
    "bokeh, gold",
    "liquid, magenta, copy space on the left",
    "waves, cyan, copy space in the centre",
    "geometry, yellow, copy space on the right",
]


class Painter:
    """The whole pipeline, as the loaders run it: DDIM without fresh noise, guided."""

    def __init__(self, run: Path, name: str = "unet.pt", average: bool = True):
        self.parts = export.networks(run, name, average)
        self.scale = self.parts["vae"].config.scaling_factor
        with torch.no_grad():
            self.grey = self.parts["vae"].encode(torch.zeros(1, 3, 192, 320)).latent_dist.mean * self.scale

    @torch.no_grad()
    def latents(self, texts: list[str], seed: int, steps: int = 20, guidance: float = 3.0) -> torch.Tensor:
        scheduler = export.scheduler()
        scheduler.set_timesteps(steps)
        count = len(texts)
        ids = text.numbers(self.parts["words"], ["" for _ in texts] + list(texts))
        noise = numpy.random.default_rng(seed).standard_normal((count, 4, 24, 40), dtype=numpy.float32)
        latents = torch.from_numpy(noise)
        beside = torch.cat([torch.ones(1, 1, 24, 40), self.grey], 1).repeat(2 * count, 1, 1, 1)
        with torch.autocast("cpu", torch.bfloat16):
            states = self.parts["text_encoder"](ids).last_hidden_state
            for at in scheduler.timesteps:
                if guidance == 1:
                    said = self.parts["unet"](torch.cat([latents, beside[:count]], 1), at, states[count:]).sample.float()
                else:
                    inputs = torch.cat([latents.repeat(2, 1, 1, 1), beside], 1)
                    without, told = self.parts["unet"](inputs, at, states).sample.float().chunk(2)
                    said = without + guidance * (told - without)
                latents = scheduler.step(said, at, latents).prev_sample
        return latents

    @torch.no_grad()
    def pictures(self, latents: torch.Tensor) -> list[numpy.ndarray]:
        out = []
        for each in latents.split(8):
            with torch.autocast("cpu", torch.bfloat16):
                made = self.parts["vae"].decode(each / self.scale).sample.float()
            out += list(((made.permute(0, 2, 3, 1) / 2 + 0.5).clamp(0, 1) * 255).round().byte().numpy())
        return out


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("out")
    asked.add_argument("captions", nargs="*")
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--steps", type=int, default=20)
    asked.add_argument("--guidance", type=float, default=3.0)
    asked.add_argument("--unet", default="unet.pt", help="few8.pt or few4.pt, with --guidance 1, for those of few steps")
    asked.add_argument("--raw", action="store_true", help="the weights themselves, not their average")
    given = asked.parse_args()
    torch.set_num_threads(2)
    painter = Painter(given.run, given.unet, not given.raw)
    captions = [each for each in given.captions or SHOWN for _ in range(given.seeds)]
    made = []
    for start in range(0, len(captions), 8):
        made += painter.pictures(painter.latents(captions[start : start + 8], start, given.steps, given.guidance))
    write(given.out, grid([cv2.resize(each, (320, 192)) for each in made], max(4, given.seeds)))


if __name__ == "__main__":
    main()
