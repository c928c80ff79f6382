"""A classifier that names what a picture shows, to measure the models by. It never sees what they paint.

    judge.py RUN --pictures FOLDER --minutes 6

The last shard is not trained on; accuracy on it is what the judge's word is worth.
"""

import argparse
from pathlib import Path

import cv2
import numpy
import torch
from torch.nn import functional

import optimise
from captions import FACTORS, LEXICON
from scenes import sample

SIZE = (160, 96)
VALUES = {factor: list(LEXICON[factor]) for factor in FACTORS}


class Judge(torch.nn.Module):
    def __init__(self):
        super().__init__()
        layers, inputs = [], 3
        for outputs in (24, 48, 96, 128):
            layers += [
                torch.nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
                torch.nn.BatchNorm2d(outputs),
                torch.nn.ReLU(),
                torch.nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
                torch.nn.BatchNorm2d(outputs),
                torch.nn.ReLU(),
            ]
            inputs = outputs
        self.body = torch.nn.Sequential(*layers)
        # Where something lies matters for copy space, so columns stay apart.
        self.heads = torch.nn.ModuleDict({factor: torch.nn.Linear(128 * 7, len(VALUES[factor])) for factor in FACTORS})

    def features(self, pictures: torch.Tensor) -> torch.Tensor:
        body = self.body(pictures)
        return torch.cat([functional.adaptive_avg_pool2d(body, (1, 5)).flatten(1), body.mean((2, 3)), body.amax((2, 3))], 1)

    def forward(self, pictures: torch.Tensor) -> dict:
        features = self.features(pictures)
        return {factor: head(features) for factor, head in self.heads.items()}


def small(pictures) -> torch.Tensor:
    """Pictures of any size as the judge sees them."""
    pictures = numpy.stack([cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA) for picture in pictures])
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def targets(seeds) -> dict:
    """The number of each factor's value; -100 where a family does not show it."""
    out = {factor: [] for factor in FACTORS}
    for scene in map(sample, seeds):
        for factor in FACTORS:
            value = getattr(scene, factor)
            out[factor].append(VALUES[factor].index(value) if value else -100)
    return {factor: torch.tensor(numbers) for factor, numbers in out.items()}


def right(answers: dict, wanted: dict) -> dict:
    """Per factor the share of answers that are right, among those that there are."""
    shares = {}
    for factor in FACTORS:
        told = wanted[factor] >= 0
        shares[factor] = (answers[factor].argmax(1) == wanted[factor])[told].float().mean().item()
    return shares


def softened(pictures: torch.Tensor, rng) -> torch.Tensor:
    """Blurred and shifted in tone a little: painted pictures are never as crisp as drawn ones."""
    if rng.random() < 0.5:
        kernel = torch.tensor([1.0, 2, 1]).outer(torch.tensor([1.0, 2, 1]))[None, None].repeat(3, 1, 1, 1) / 16
        pictures = functional.conv2d(functional.pad(pictures, (1,) * 4, "replicate"), kernel, groups=3)
    return pictures * (1 + 0.06 * float(rng.normal())) + 0.03 * float(rng.normal()) + 0.02 * torch.randn_like(pictures)


def load(run: Path) -> Judge:
    judge = Judge().eval()
    judge.load_state_dict(torch.load(run / "judge.pt", weights_only=True)["network"])
    return judge


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    asked.add_argument("--minutes", type=float, default=6)
    asked.add_argument("--batch", type=int, default=48)
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(6)
    rng = numpy.random.default_rng(6)
    paths = sorted(given.pictures.glob("*.npy"))
    pictures = torch.cat([small(numpy.load(path, mmap_mode="r")) for path in paths]).half()
    sizes = [len(numpy.load(path, mmap_mode="r")) for path in paths]
    seeds = [int(path.stem) + place for path, size in zip(paths, sizes) for place in range(size)]
    wanted = targets(seeds)
    held = len(seeds) - sizes[-1]
    judge, clock, step = Judge(), optimise.Clock(given.minutes), 0
    optimiser = torch.optim.AdamW(judge.parameters(), weight_decay=0.02)
    while (part := clock.tick()) < 1:
        picked = torch.from_numpy(rng.integers(held, size=given.batch))
        with torch.autocast("cpu", torch.bfloat16):
            answers = judge(softened(pictures[picked].float(), rng))
        losses = [functional.cross_entropy(answers[factor].float(), wanted[factor][picked]) for factor in FACTORS]
        loss = sum(losses)
        judge.zero_grad()
        loss.backward()
        optimiser.param_groups[0]["lr"] = optimise.rate_at(part, step, 2e-3)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            optimise.log(given.run / "judge.jsonl", step=step, minutes=clock.spent / 60, loss=loss.item())
    judge.eval()
    with torch.no_grad():
        shares = right(judge(pictures[held:].float()), {factor: each[held:] for factor, each in wanted.items()})
    optimise.log(given.run / "judge.jsonl", step=step, held_out=len(seeds) - held, **shares)
    optimise.save(given.run / "judge.pt", {"network": judge.state_dict()})


if __name__ == "__main__":
    main()
