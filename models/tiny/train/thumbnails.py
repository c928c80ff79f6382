"""Twelve finished thumbnails on one sheet, made by the program itself: `thumbnails.py ATELIER OUT.jpg`."""

import argparse
import subprocess
import tempfile
from pathlib import Path

import cv2

from sheet import grid, write

SENTENCES = [
    'thumbnail about hiking in the mountains, title "ABOVE THE CLOUDS", blue, dawn',
    'thumbnail about surviving the desert, title "72 HOURS", orange, dusk',
    'thumbnail about the ocean, title "DEEP WATER", teal',
    'thumbnail about 80s synthwave music, title "NEON NIGHTS"',
    'thumbnail about a walk in the misty forest, title "LOST?", green',
    'thumbnail about tokyo at night, title "CITY LIGHTS", navy',
    'thumbnail about galaxies, title "HOW BIG?", purple',
    'thumbnail about circuit boards, title "BUILD A PC", green',
    'thumbnail about my desk setup, title "UNDER $300", brown',
    'thumbnail with rays, title "WORLD RECORD", red',
    'thumbnail with bokeh, title "BEST OF 2026", gold',
    'thumbnail about a product launch in the studio, title "IT IS HERE", coral',
]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("atelier", type=Path)
    asked.add_argument("out")
    given = asked.parse_args()
    pictures = []
    with tempfile.TemporaryDirectory() as room:
        for number, sentence in enumerate(SENTENCES):
            path = Path(room) / f"{number}.png"
            command = [given.atelier, "--data", room, "thumbnail", sentence, "--yes", "--no-picture", "-o", path]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            pictures.append(cv2.imread(str(path))[..., ::-1])
    write(given.out, grid(pictures, 3, (480, 270)))


if __name__ == "__main__":
    main()
