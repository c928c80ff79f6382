"""Draws the logs of a run: `curves.py RUN OUT.png`."""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot

SHOWN = [("vae", "loss", "autoencoder"), ("text", "loss", "text encoder"), ("unet", "loss", "UNet"), ("upscale", "loss", "upscaler")]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("out")
    given = asked.parse_args()
    shown = [each for each in SHOWN if (given.run / f"{each[0]}.jsonl").exists()]
    figure, places = pyplot.subplots(1, len(shown), figsize=(4 * len(shown), 3))
    for place, (name, field, title) in zip(places, shown):
        lines = [json.loads(line) for line in (given.run / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if field in line]
        place.plot([line["step"] for line in lines], [line[field] for line in lines])
        place.set(title=title, xlabel="step", ylabel="loss", yscale="log")
    figure.tight_layout()
    figure.savefig(given.out, dpi=80)


if __name__ == "__main__":
    main()
