"""Fewer steps: a UNet whose one unguided step does what two guided steps of its teacher do.

    distil.py RUN --steps 8 --minutes 12     # from unet.pt, guided, to few8.pt
    distil.py RUN --steps 4 --minutes 8      # from few8.pt to few4.pt

Progressive distillation of v (Salimans and Ho 2022, arXiv 2202.00512), with guidance taken in by the first student (Meng
et al. 2023, arXiv 2210.03142).
"""

import argparse
import copy
import time
from pathlib import Path

import numpy
import torch
from torch.nn import functional

import export
import optimise
import text
import unet
from captions import caption


class Teacher:
    """Two of its steps for one of the student's; guided where it was trained to be."""

    def __init__(self, network, empty: torch.Tensor, guidance: float):
        self.network, self.empty, self.guidance = network, empty, guidance

    def says(self, noisy, beside, times, states):
        if self.guidance == 1:
            return self.network(torch.cat([noisy, beside], 1), times, states).sample.float()
        inputs = torch.cat([noisy, beside], 1).repeat(2, 1, 1, 1)
        both = torch.cat([self.empty.expand_as(states), states])
        without, told = self.network(inputs, times.repeat(2), both).sample.float().chunk(2)
        return without + self.guidance * (told - without)


def level(signal: torch.Tensor, times: torch.Tensor):
    """Shares of picture and of noise after all that is left at `times`; before the first timestep all is picture."""
    share = torch.where(times >= 0, signal[times.clamp(min=0)], torch.ones(()))[:, None, None, None]
    return share, (1 - share.square()).clamp(min=0).sqrt()


def stepped(noisy, said, share, rest, share_after, rest_after):
    """One step of DDIM without fresh noise."""
    clean, noise = share * noisy - rest * said, rest * noisy + share * said
    return share_after * clean + rest_after * noise


def wanted(noisy, after, share, rest, share_after, rest_after):
    """What a student has to say at `noisy` so that its one step ends at `after`."""
    ratio = rest_after / rest
    clean = (after - ratio * noisy) / (share_after - ratio * share)
    return (share * noisy - clean) / rest


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--steps", type=int, default=8, help="of the student, a divisor of 500")
    asked.add_argument("--minutes", type=float, default=12)
    asked.add_argument("--guidance", type=float, default=3.0)
    asked.add_argument("--batch", type=int, default=24)
    asked.add_argument("--rate", type=float, default=4e-4)
    asked.add_argument("--smoke", action="store_true", help="a few steps that have to lower the loss")
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(8)
    rng = numpy.random.default_rng([8, int(time.time())])
    before = given.run / f"few{2 * given.steps}.pt"
    parts = export.networks(given.run, before.name if before.exists() else "unet.pt")
    words, speaks = parts["words"], parts["text_encoder"].requires_grad_(False)
    with torch.no_grad():
        empty = speaks(text.numbers(words, [""])).last_hidden_state
    teacher = Teacher(parts["unet"].requires_grad_(False), empty, 1 if before.exists() else given.guidance)
    student = copy.deepcopy(parts["unet"]).requires_grad_(True).train()
    average = optimise.Average(student, 0.99)
    optimiser = optimise.Muon(student, given.rate, plain=("embedding", "conv_in", "conv_out"))
    clock, step, path = optimise.Clock(given.minutes), 0, given.run / f"few{given.steps}.pt"
    if path.exists():
        state = torch.load(path, weights_only=True)
        student.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        clock.spent, step, average.count = state["spent"], state["step"], state["step"]
    data, signal, stride = unet.Latents(given.run / "latents"), unet.kept_signal(), unet.STEPS // given.steps
    losses, saved = [], time.monotonic()
    while (part := clock.tick()) < 1 and not (given.smoke and step >= optimise.SMOKE):
        seeds, clean, masks, kept = data.batch(given.batch, rng)
        texts = [caption(unet.scene(seed), rng)[0] for seed in seeds]
        # Only the times at which the student will be asked.
        times = torch.from_numpy(unet.STEPS - 1 - stride * rng.integers(given.steps, size=given.batch))
        levels = [level(signal, times - stride * half // 2) for half in range(3)]
        beside = torch.cat([masks, kept], 1)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                states = speaks(text.numbers(words, texts)).last_hidden_state
                noisy = levels[0][0] * clean + levels[0][1] * torch.randn_like(clean)
                after = stepped(noisy, teacher.says(noisy, beside, times, states), *levels[0], *levels[1])
                after = stepped(after, teacher.says(after, beside, times - stride // 2, states), *levels[1], *levels[2])
                goal = wanted(noisy, after, *levels[0], *levels[2])
            said = student(torch.cat([noisy, beside], 1), times, states).sample.float()
        loss = functional.mse_loss(said, goal)
        student.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step(optimise.rate_at(part, step, given.rate, warm=4 if given.smoke else 20))
        average.update(student)
        step += 1
        losses.append(loss.item())
        if step % 20 == 0:
            mean = float(numpy.mean(losses[-20:]))
            optimise.log(given.run / f"few{given.steps}.jsonl", step=step, minutes=clock.spent / 60, loss=mean)
        if time.monotonic() - saved > 60:
            keep(path, student, average, clock, step)
            saved = time.monotonic()
    keep(path, student, average, clock, step)
    if given.smoke:
        optimise.check(losses)


def keep(path: Path, student, average, clock, step: int) -> None:
    networks = {"network": student.state_dict(), "average": average.network.state_dict()}
    optimise.save(path, {**networks, "spent": clock.spent, "step": step})


if __name__ == "__main__":
    main()
