"""Draws the logs of a run: `curves.py RUN OUT.png`."""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot

SHOWN = {"vae": "autoencoder", "decoder": "decoder", "text": "text encoder", "unet": "UNet", "upscale": "upscaler", "judge": "judge"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("out")
    given = asked.parse_args()
    shown = [name for name in SHOWN if (given.run / f"{name}.jsonl").exists()]
    figure, places = pyplot.subplots(2, (len(shown) + 1) // 2, figsize=(12, 6), squeeze=False)
    for place, name in zip(places.flat, shown):
        lines = [json.loads(line) for line in (given.run / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if "loss" in line]
        place.plot([line["step"] for line in lines], [line["loss"] for line in lines])
        place.set(title=SHOWN[name], xlabel="step", ylabel="loss", yscale="log")
    figure.tight_layout()
    figure.savefig(given.out, dpi=80)


if __name__ == "__main__":
    main()
