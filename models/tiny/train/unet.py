"""The UNet, with the text encoder: noise to latents of scenes, told by captions.

    unet.py RUN --minutes 90
"""

import argparse
import time
from functools import cache
from pathlib import Path

import numpy
import torch
from diffusers import UNet2DConditionModel
from torch.nn import functional

import optimise
import text
import vae
from captions import caption
from latents import EVERY
from scenes import sample

CHANNELS = (64, 96, 160)
STEPS = 1000


def network() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=40,
        in_channels=2 * vae.LATENTS + 1,
        out_channels=vae.LATENTS,
        layers_per_block=1,
        block_out_channels=CHANNELS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=[2, 3, 5],
        cross_attention_dim=text.WIDTH,
        norm_num_groups=32,
    )


def kept_signal() -> torch.Tensor:
    """Square root of the share of the picture at each timestep; none at the last (Lin et al. 2023, algorithm 1)."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float64) ** 2
    root = (1 - betas).cumprod(0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    return ((root - last) * first / (first - last)).float()


class Latents:
    """Every latent that `latents.py` has written so far, in memory."""

    def __init__(self, folder: Path):
        self.folder, self.known = folder, set()
        self.seeds, self.whole, self.masks, self.kept = [], torch.empty(0), torch.empty(0), torch.empty(0)
        self.look()
        # Latents are brought to unit spread by what the first shards say, for good.
        path = folder / "scale.txt"
        if not path.exists():
            path.write_text(f"{1 / self.whole.float().std().item():.5f}\n", encoding="utf-8")
        self.scale = float(path.read_text(encoding="utf-8"))

    def look(self) -> None:
        for path in sorted(self.folder.glob("*.pt")):
            if path.stem in self.known:
                continue
            self.known.add(path.stem)
            state = torch.load(path, weights_only=True)
            self.seeds += range(int(path.stem), int(path.stem) + len(state["whole"]))
            self.grey = state["grey"].float()
            for name in ("whole", "masks", "kept"):
                old = getattr(self, name)
                setattr(self, name, torch.cat([old, state[name]]) if len(old) else state[name])

    def batch(self, count: int, rng: numpy.random.Generator):
        """Seeds, latents, masks and what is around them; one in five is to be inpainted."""
        picked = rng.integers(len(self.seeds), size=count)
        paint = rng.random(count) < 0.2
        picked[paint] -= picked[paint] % EVERY
        masks = torch.ones(count, 1, *self.whole.shape[2:])
        kept = self.grey.repeat(count, 1, 1, 1)
        where = torch.from_numpy(numpy.flatnonzero(paint))
        chosen = torch.from_numpy(picked[paint] // EVERY)
        masks[where], kept[where] = self.masks[chosen].float(), self.kept[chosen].float()
        return [self.seeds[place] for place in picked], self.whole[picked].float() * self.scale, masks, kept * self.scale


@cache
def scene(seed: int):
    return sample(seed)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--minutes", type=float, default=90)
    asked.add_argument("--batch", type=int, default=24)
    asked.add_argument("--rate", type=float, default=1.5e-3)
    asked.add_argument("--smoke", action="store_true", help="a few steps that have to lower the loss")
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(4)
    rng = numpy.random.default_rng([4, int(time.time())])
    words = text.tokenizer(given.run)
    both = torch.nn.ModuleDict({"unet": network(), "text": text.network(len(words))})
    both["text"].load_state_dict(torch.load(given.run / "text.pt", weights_only=True)["network"])
    average = optimise.Average(both, 0.998)
    optimiser = optimise.Muon(both, given.rate, plain=("embedding", "conv_in", "conv_out"))
    clock, step, path = optimise.Clock(given.minutes), 0, given.run / "unet.pt"
    if path.exists():
        state = torch.load(path, weights_only=False)
        both.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        clock.spent, step, average.count = state["spent"], state["step"], state["step"]
    data, signal = Latents(given.run / "latents"), kept_signal()
    losses, saved = [], time.monotonic()
    while (part := clock.tick()) < 1 and not (given.smoke and step >= optimise.SMOKE):
        seeds, clean, masks, kept = data.batch(given.batch, rng)
        texts = [caption(scene(seed), rng)[0] if rng.random() > 0.1 else "" for seed in seeds]
        # Spread over the batch, so that the loss says more, and fewer where little noise is left: nothing is decided there.
        places = (torch.arange(given.batch) + torch.rand(given.batch)) / given.batch
        times = (places**0.75 * STEPS).long()
        times[0] = STEPS - 1
        share = signal[times][:, None, None, None]
        rest = (1 - share.square()).sqrt()
        noise = torch.randn_like(clean)
        noisy, wanted = share * clean + rest * noise, share * noise - rest * clean
        with torch.autocast("cpu", torch.bfloat16):
            states = both["text"](text.numbers(words, texts)).last_hidden_state
            made = both["unet"](torch.cat([noisy, masks, kept], 1), times, states).sample
        loss = functional.mse_loss(made.float(), wanted)
        both.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        optimiser.step(optimise.rate_at(part, step, given.rate, warm=4 if given.smoke else 40))
        average.update(both)
        step += 1
        losses.append(loss.item())
        if step % 20 == 0:
            data.look()
            samples = step * given.batch
            optimise.log(
                given.run / "unet.jsonl", step=step, samples=samples, minutes=clock.spent / 60,
                loss=float(numpy.mean(losses[-20:])), scenes=len(data.seeds),
            )  # fmt: skip
        if time.monotonic() - saved > 120:
            keep(path, both, average, optimiser, clock, step)
            saved = time.monotonic()
    keep(path, both, average, optimiser, clock, step)
    if given.smoke:
        optimise.check(losses)


def keep(path: Path, both, average, optimiser, clock, step: int) -> None:
    state = {"network": both.state_dict(), "average": average.network.state_dict()}
    optimise.save(path, {**state, "optimiser": optimiser.state_dict(), "spent": clock.spent, "step": step})


if __name__ == "__main__":
    main()
