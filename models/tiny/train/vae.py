"""The autoencoder: pictures of 320x192 to latents of 40x24x4 and back.

    vae.py RUN --pictures FOLDER --minutes 15
    vae.py RUN --pictures FOLDER --minutes 15 --decoder   # later: only the decoder goes on, latents keep their meaning
"""

import argparse
import time
from pathlib import Path

import numpy
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

import optimise
import shards

CHANNELS = (16, 24, 48, 96)
LATENTS = 4


def network() -> AutoencoderKL:
    vae = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        latent_channels=LATENTS,
        block_out_channels=CHANNELS,
        layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * len(CHANNELS),
        up_block_types=("UpDecoderBlock2D",) * len(CHANNELS),
        norm_num_groups=4,
        sample_size=320,
        force_upcast=False,
    )
    start_from_small_pictures(vae)
    return vae


# Lightness and two differences of colours, at right angles.
COLOURS = torch.tensor([[1, 1, 1], [1, 0, -1], [-1, 2, -1]]) / torch.tensor([[3.0], [2.0], [6.0]]).sqrt()
PATH = 12


@torch.no_grad()
def start_from_small_pictures(vae: AutoencoderKL) -> None:
    """Sets weights so that latents begin as the picture made small, and pictures as latents made large.

    Twelve channels carry it through: each colour `a` as `a, -a, 1, -1`. Norms leave that proportional to `a`, which alone
    they would not, and `silu(a) - silu(-a)` is `a`. All other channels begin at random and learn what is missing.
    """
    for name, module in vae.named_modules():
        if name.endswith(("conv2", "to_out.0")):
            module.weight.mul_(0.2)
        elif name.endswith("conv_shortcut"):
            carry(module, torch.ones(1, 1))
        elif "downsamplers" in name and isinstance(module, torch.nn.Conv2d):
            carry(module, torch.tensor([[0.25, 0.25, 0], [0.25, 0.25, 0], [0, 0, 0]]))
        elif "upsamplers" in name and isinstance(module, torch.nn.Conv2d):
            carry(module, torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16)
    enter(vae.encoder.conv_in, COLOURS)
    enter(vae.decoder.conv_in, torch.eye(3, LATENTS))
    leave(vae.encoder.conv_out, torch.eye(3))
    leave(vae.decoder.conv_out, COLOURS.T)
    vae.encoder.conv_out.weight[LATENTS:] *= 0.1
    vae.encoder.conv_out.bias[LATENTS:] = -4
    for point in (vae.quant_conv, vae.post_quant_conv):
        torch.nn.init.dirac_(point.weight)
        point.bias.zero_()


def carry(conv: torch.nn.Conv2d, kernel: torch.Tensor) -> None:
    conv.weight[:PATH] = 0
    conv.bias[:PATH] = 0
    for channel in range(PATH):
        conv.weight[channel, channel] = kernel


def enter(conv: torch.nn.Conv2d, matrix: torch.Tensor) -> None:
    conv.weight[:PATH], conv.bias[:PATH] = 0, 0
    for colour, row in enumerate(matrix):
        conv.weight[4 * colour, :, 1, 1], conv.weight[4 * colour + 1, :, 1, 1] = row, -row
        conv.bias[4 * colour + 2], conv.bias[4 * colour + 3] = 1, -1


def leave(conv: torch.nn.Conv2d, matrix: torch.Tensor) -> None:
    conv.weight[: len(matrix)] *= 0.1
    conv.bias[: len(matrix)] = 0
    for colour in range(3):
        conv.weight[: len(matrix), 4 * colour, 1, 1] = 0.8 * matrix[:, colour]
        conv.weight[: len(matrix), 4 * colour + 1, 1, 1] = -0.8 * matrix[:, colour]


def slopes(picture: torch.Tensor):
    return picture[..., 1:] - picture[..., :-1], picture[..., 1:, :] - picture[..., :-1, :]


def difference(made: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean distance of colours, and of slopes at three sizes: edges count for more than their few pixels."""
    loss = functional.l1_loss(made, wanted)
    for _ in range(3):
        for mine, theirs in zip(slopes(made), slopes(wanted)):
            loss = loss + functional.l1_loss(mine, theirs)
        made, wanted = functional.avg_pool2d(made, 2), functional.avg_pool2d(wanted, 2)
    return loss


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    asked.add_argument("--minutes", type=float, default=15)
    asked.add_argument("--batch", type=int, default=4)
    asked.add_argument("--rate", type=float, default=2e-3)
    asked.add_argument("--decoder", action="store_true")
    asked.add_argument("--smoke", action="store_true", help="a few steps that have to lower the loss")
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(1)
    given.run.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(1)
    vae = network()
    average = optimise.Average(vae, 0.995)
    clock, step = optimise.Clock(given.minutes), 0
    path = given.run / ("decoder.pt" if given.decoder else "vae.pt")
    if path.exists():
        state = torch.load(path, weights_only=True)
        vae.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        clock.spent, step, average.count = state["spent"], state["step"], state["step"]
    elif given.decoder:
        state = torch.load(given.run / "even.pt", weights_only=True)
        for each in (vae, average.network):
            each.load_state_dict(state["average"])
        average.count = 1000
    if given.decoder:
        vae.encoder.requires_grad_(False)
        vae.quant_conv.requires_grad_(False)
    optimiser = optimise.Muon(vae, given.rate, plain=("conv_in", "conv_out", "quant_conv"))
    reader, sums, saved = shards.Pictures(given.pictures, rng), [], time.monotonic()
    # A smoke run has too few steps to see through the differences between batches.
    same = reader.batch(given.batch) if given.smoke else None
    while (part := clock.tick()) < 1 and not (given.smoke and step >= optimise.SMOKE):
        wanted = same if given.smoke else reader.batch(given.batch)
        with torch.autocast("cpu", torch.bfloat16):
            if given.decoder:
                with torch.no_grad():
                    posterior = vae.encode(wanted).latent_dist
                # What the UNet paints is never quite what the encoder would say.
                spread = 0.08 * posterior.mean.float().std()
            else:
                posterior = vae.encode(wanted).latent_dist
                spread = posterior.std.float()
            latents = posterior.mean.float() + spread * torch.randn_like(posterior.mean.float())
            made = vae.decode(latents).sample.float()
        apart = difference(made, wanted)
        mean, logvar = posterior.mean.float(), posterior.logvar.float()
        narrow = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
        loss = apart + 3e-4 * narrow
        vae.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step(optimise.rate_at(part, step, given.rate, warm=4 if given.smoke else 40))
        average.update(vae)
        step += 1
        sums.append((apart.item(), narrow.item(), functional.mse_loss(made.detach(), wanted).item() / 4))
        if step % 10 == 0:
            apart, narrow, error = (float(numpy.mean(each)) for each in zip(*sums[-10:]))
            psnr = -10 * float(numpy.log10(error))
            optimise.log(path.with_suffix(".jsonl"), step=step, minutes=clock.spent / 60, loss=apart, kl=narrow, psnr=psnr)
        if time.monotonic() - saved > 60:
            keep(path, vae, average, clock, step)
            saved = time.monotonic()
    keep(path, vae, average, clock, step)
    if given.smoke:
        optimise.check([each[0] for each in sums])


def keep(path: Path, vae, average, clock, step: int) -> None:
    networks = {"network": vae.state_dict(), "average": average.network.state_dict()}
    optimise.save(path, {**networks, "spent": clock.spent, "step": step})


if __name__ == "__main__":
    main()
