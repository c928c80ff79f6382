"""Compares a whole run of diffusers with one of Atelier: `parity.py CHECKPOINT ATELIERD`.

The same first noise, the same checkpoint, its own sampler, guided; latents may differ by a thousandth.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy
import torch
from diffusers import StableDiffusionInpaintPipeline
from PIL import Image
from safetensors.torch import load_file, save_file

MOST = 1e-3
CAPTIONS = ["mountains, blue, dawn, misty", "city, navy, copy space on the right, night, clear"]
WIDTH, HEIGHT, STEPS, GUIDANCE = 320, 192, 8, 3.0


def theirs(folder: Path, caption: str, noise: torch.Tensor) -> torch.Tensor:
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(folder, variant="fp16", torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    grey, all_of_it = Image.new("RGB", (WIDTH, HEIGHT), (127,) * 3), Image.new("L", (WIDTH, HEIGHT), 255)
    with torch.inference_mode():
        return pipeline(
            caption, image=grey, mask_image=all_of_it, width=WIDTH, height=HEIGHT, strength=1.0, latents=noise,
            num_inference_steps=STEPS, guidance_scale=GUIDANCE, output_type="latent",
        ).images  # fmt: skip


def ours(program: Path, folder: Path, caption: str, noise: torch.Tensor, room: Path) -> torch.Tensor:
    save_file({"latents": noise}, room / "noise.safetensors")
    asked = {
        "model": folder, "prompt": caption, "width": WIDTH, "height": HEIGHT, "steps": STEPS, "guidance": GUIDANCE,
        "init-latents": room / "noise.safetensors", "dump": room, "output": room / "picture.png", "device": "cpu",
    }  # fmt: skip
    words = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
    subprocess.run([program, "infer", *words], check=True)
    (latents,) = load_file(room / "latents.safetensors").values()
    return latents


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("checkpoint", type=Path)
    asked.add_argument("atelierd", type=Path)
    given = asked.parse_args()
    for seed, caption in enumerate(CAPTIONS):
        shape = (1, 4, HEIGHT // 8, WIDTH // 8)
        noise = torch.from_numpy(numpy.random.default_rng(seed).standard_normal(shape, dtype=numpy.float32))
        with tempfile.TemporaryDirectory() as room:
            wanted = theirs(given.checkpoint, caption, noise)
            found = ours(given.atelierd, given.checkpoint, caption, noise, Path(room)).view_as(wanted)
        apart = ((found - wanted).norm() / wanted.norm()).item()
        print(f"{caption}: {apart:.1e} apart")
        if not apart <= MOST:
            raise SystemExit(f"more than {MOST} apart")


if __name__ == "__main__":
    main()
