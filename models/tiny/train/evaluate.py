"""Measures a run: `evaluate.py RUN --pictures FOLDER --count 1000` writes `RUN/evaluation.json`.

Captions are of scenes that were never drawn. The judge names what was painted from them; diversity is the distance
between its features of two seeds for one caption, beside that of two captions and of two drawn scenes; nearest
neighbours are looked for among all drawn pictures, beside those of drawn pictures that were kept out.
"""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy
import torch

import judge
from captions import caption, plain
from paint import Painter
from scenes import draw, sample

UNSEEN = 50_000_000


def thumbnails(pictures) -> numpy.ndarray:
    """Forty by twenty-four pixels, 0 to 1, flat."""
    return numpy.stack([cv2.resize(each, (40, 24), interpolation=cv2.INTER_AREA).ravel() for each in pictures]) / 255.0


def nearest(some: numpy.ndarray, known: numpy.ndarray) -> numpy.ndarray:
    """Root mean square distance of each to the nearest known one."""
    squares = (some**2).sum(1)[:, None] + (known**2).sum(1)[None] - 2 * some @ known.T
    return numpy.sqrt(numpy.clip(squares.min(1), 0, None) / some.shape[1])


@torch.no_grad()
def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--pictures", type=Path, required=True)
    asked.add_argument("--count", type=int, default=1000)
    asked.add_argument("--steps", type=int, default=16)
    asked.add_argument("--guidance", type=float, default=3.0)
    asked.add_argument("--unet", default="unet.pt", help="few8.pt or few4.pt, with --guidance 1, for those of few steps")
    asked.add_argument("--out", default="evaluation.json")
    given = asked.parse_args()
    torch.set_num_threads(2)
    painter, names = Painter(given.run, given.unet), judge.load(given.run)
    rng = numpy.random.default_rng(9)
    seeds = list(range(UNSEEN, UNSEEN + given.count))
    wanted = judge.targets(seeds)
    # Half in the plain words that the lexicon makes of a wish, half as people may write.
    texts, said = [], {factor: torch.zeros(given.count, dtype=torch.bool) for factor in judge.FACTORS}
    for place, scene in enumerate(map(sample, seeds)):
        text, mentioned = caption(scene, rng)
        if place % 2 == 0:
            text, mentioned = plain(scene), {factor: 1 for factor in judge.FACTORS}
        texts.append(text)
        for factor in mentioned:
            said[factor][place] = True
    told = {factor: torch.where(said[factor], wanted[factor], -100) for factor in wanted}
    pictures, start = [], time.perf_counter()
    for first in range(0, given.count, 20):
        some = texts[first : first + 20]
        pictures += painter.pictures(painter.latents(some, first, given.steps, given.guidance))
        print(f"{len(pictures)} painted, {(time.perf_counter() - start) / len(pictures):.2f} s each", flush=True)
    answers = names(judge.small(pictures))

    def shares(rows):
        return judge.right({f: answers[f][rows] for f in answers}, {f: told[f][rows] for f in told})

    drawn = [draw(sample(seed)) for seed in seeds[:200]]
    known = numpy.concatenate([thumbnails(numpy.load(path, mmap_mode="r")) for path in sorted(given.pictures.glob("*.npy"))])
    twice = [painter.pictures(painter.latents(texts[:20], seed, given.steps, given.guidance)) for seed in (1, 2)]
    apart = [names.features(judge.small(each)) for each in twice]
    likeness = names.features(judge.small(drawn))
    result = {
        "captions": given.count, "unet": given.unet, "steps": given.steps, "guidance": given.guidance,
        "right": shares(torch.arange(given.count)),
        "right_plain": shares(torch.arange(0, given.count, 2)),
        "right_free": shares(torch.arange(1, given.count, 2)),
        "right_of_drawn": judge.right(names(judge.small(drawn)), {f: wanted[f][:200] for f in wanted}),
        "family": {name: round((answers["family"].argmax(1) == wanted["family"])[told["family"] == number].float().mean().item(), 3)
                   for number, name in enumerate(judge.VALUES["family"])},
        "seeds_apart": (apart[0] - apart[1]).norm(dim=1).mean().item(),
        "captions_apart": (apart[0] - apart[0].roll(1, 0)).norm(dim=1).mean().item(),
        "drawn_apart": (likeness - likeness.roll(1, 0)).norm(dim=1).mean().item(),
        "nearest_painted": numpy.percentile(nearest(thumbnails(pictures[:200]), known), [1, 10, 50]).round(4).tolist(),
        "nearest_drawn": numpy.percentile(nearest(thumbnails(drawn), known), [1, 10, 50]).round(4).tolist(),
    }  # fmt: skip
    (given.run / given.out).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
