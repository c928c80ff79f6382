"""What all trainings share: an optimiser, a clock that learning rates follow, averages of weights, and checkpoints.

Learning rates fall with the time that is left and not with steps, because the machine is shared: a run ends when it was
told to, having cooled down, however fast it was.
"""

import copy
import json
import os
import time
from pathlib import Path

import torch


def orthogonal(matrix: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """The nearest matrix with singular values of about one, by Newton-Schulz iterations (Jordan et al. 2024)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (matrix / (matrix.norm() + 1e-7)).bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum whose matrices are made orthogonal; everything that is no matrix is left to AdamW.

    Steps are scaled to the size of AdamW's (Liu et al. 2025, arXiv 2502.16982), so that one learning rate serves both.
    """

    def __init__(self, network: torch.nn.Module, rate: float, decay: float = 0.01, plain=()):
        matrices, others = [], []
        for name, parameter in network.named_parameters():
            wide = parameter.ndim >= 2 and min(parameter.shape[0], parameter[0].numel()) >= 8
            (matrices if wide and not any(part in name for part in plain) else others).append(parameter)
        groups = [{"params": matrices, "matrices": True}, {"params": others, "matrices": False}]
        super().__init__(groups, {"rate": rate, "decay": decay})

    @torch.no_grad()
    def step(self, rate: float):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if group["matrices"]:
                    momentum = state.setdefault("momentum", torch.zeros_like(parameter))
                    momentum.mul_(0.95).add_(parameter.grad)
                    flat = (parameter.grad + 0.95 * momentum).flatten(1)
                    size = 0.2 * max(flat.shape) ** 0.5
                    parameter.mul_(1 - rate * group["decay"])
                    parameter.add_((orthogonal(flat) * size).view_as(parameter), alpha=-rate)
                else:
                    state["count"] = count = state.get("count", 0) + 1
                    first = state.setdefault("first", torch.zeros_like(parameter))
                    second = state.setdefault("second", torch.zeros_like(parameter))
                    first.lerp_(parameter.grad, 0.1)
                    second.lerp_(parameter.grad.square(), 0.01)
                    scale = (second / (1 - 0.99**count)).sqrt_().add_(1e-8)
                    parameter.addcdiv_(first / (1 - 0.9**count), scale, value=-rate)


class Clock:
    """Seconds of training so far and what part of them is over. A pause of the whole process does not count."""

    def __init__(self, minutes: float):
        self.total, self.spent, self.last = minutes * 60, 0.0, None

    def tick(self) -> float:
        now = time.monotonic()
        if self.last is not None:
            self.spent += min(now - self.last, 30)
        self.last = now
        return min(1.0, self.spent / self.total)


# A smoke run trains for so many steps, enough to see the loss fall.
SMOKE = 24


def rate_at(part: float, step: int, highest: float, lowest: float = 0.03, warm: int = 40) -> float:
    """Up in `warm` steps, level, and down from two fifths of the time on."""
    fall = 1.0 if part < 0.4 else lowest + (1 - lowest) * (1 - (part - 0.4) / 0.6)
    return highest * fall * min(1.0, (step + 1) / warm)


class Average:
    """Exponential average of weights, shorter at first."""

    def __init__(self, network: torch.nn.Module, keep: float):
        self.network, self.keep, self.count = copy.deepcopy(network).requires_grad_(False).eval(), keep, 0

    @torch.no_grad()
    def update(self, network: torch.nn.Module) -> None:
        self.count += 1
        keep = min(self.keep, (1 + self.count) / (10 + self.count))
        for mine, theirs in zip(self.network.parameters(), network.parameters()):
            mine.lerp_(theirs, 1 - keep)


def check(losses: list[float]) -> None:
    """A smoke run has to have learnt something."""
    first, last = (sum(part) / len(part) for part in (losses[:6], losses[-6:]))
    if last > 0.95 * first:
        raise SystemExit(f"the loss did not fall: {first:.4f} to {last:.4f}")
    print(f"the loss fell: {first:.4f} to {last:.4f}")


def save(path: Path, state: dict) -> None:
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    os.replace(beside, path)


def log(path: Path, **values) -> None:
    values = {name: round(value, 5) if isinstance(value, float) else value for name, value in values.items()}
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(values) + "\n")
    print(values, flush=True)
