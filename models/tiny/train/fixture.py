"""What diffusers paints with a checkpoint, for the tests of Atelier: `fixture.py CHECKPOINT`.

Writes `models/fixtures/built_in/runs.safetensors`: the first `noise.N` of each caption, and the `latents.N` after a whole
guided run by the checkpoint's own sampler, in float32. To be run again whenever the weights change.
"""

import argparse
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file

import parity

FOLDER = Path(__file__).parents[2] / "fixtures" / "built_in"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("checkpoint", type=Path)
    given = asked.parse_args()
    # Half of the trained size: a test compares numbers, not pictures.
    parity.WIDTH, parity.HEIGHT = 160, 96
    tensors = {}
    for number, caption in enumerate(parity.CAPTIONS):
        shape = (1, 4, parity.HEIGHT // 8, parity.WIDTH // 8)
        drawn = numpy.random.default_rng(number).standard_normal(shape, dtype=numpy.float32)
        noise = torch.from_numpy(drawn)
        tensors[f"noise.{number}"] = noise.clone()
        tensors[f"latents.{number}"] = parity.theirs(given.checkpoint, caption, noise).contiguous()
    FOLDER.mkdir(exist_ok=True)
    save_file(tensors, FOLDER / "runs.safetensors")


if __name__ == "__main__":
    main()
