#!/usr/bin/env python3
"""Makes the bundled fonts: packs the pinned npm packages, turns their WOFF files into plain TTF, and copies
each licence. Run by hand when the set changes: `pip install fonttools brotli && python3 models/fonts/fetch.py`.

The 4.x packages hold one file with all scripts of a font; the 5.x packages hold its licence.
"""

import io
import pathlib
import subprocess
import tarfile
import tempfile

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent

# name, package of the file, the file in it, package of the licence
FONTS = [
    ("anton", "@fontsource/anton@4.5.9", "anton-all-400-normal.woff", "@fontsource/anton@5.3.0"),
    (
        "fira-sans-extra-condensed",
        "@fontsource/fira-sans-extra-condensed@4.5.9",
        "fira-sans-extra-condensed-all-800-normal.woff",
        "@fontsource/fira-sans-extra-condensed@5.3.0",
    ),
    ("rubik", "@fontsource/rubik@4.5.14", "rubik-all-900-normal.woff", "@fontsource/rubik@5.3.0"),
    (
        "permanent-marker",
        "@fontsource/permanent-marker@4.5.7",
        "permanent-marker-all-400-normal.woff",
        "@fontsource/permanent-marker@5.3.0",
    ),
    (
        "playfair-display",
        "@fontsource/playfair-display@4.5.13",
        "playfair-display-all-900-normal.woff",
        "@fontsource/playfair-display@5.3.0",
    ),
    ("lalezar", "@fontsource/lalezar@4.5.10", "lalezar-all-400-normal.woff", "@fontsource/lalezar@5.3.0"),
    ("baloo-2", "@fontsource/baloo-2@4.5.12", "baloo-2-all-800-normal.woff", "@fontsource/baloo-2@5.3.0"),
    ("twemoji", "twemoji-colr-font@15.0.3", "twemoji.woff2", "twemoji-colr-font@15.0.3"),
]


def pack(package, folder):
    """The files of an npm package, by their name without folders."""
    name = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    with tarfile.open(pathlib.Path(folder) / name) as tar:
        return {pathlib.PurePath(m.name).name: tar.extractfile(m).read() for m in tar if m.isfile()}


def convert(data):
    """Plain TTF with every glyph and layout feature; hinting goes, since titles are never set that small."""
    font = TTFont(io.BytesIO(data))
    options = subset.Options(
        layout_features=["*"], hinting=False, glyph_names=False, name_IDs=["*"], notdef_outline=True
    )
    keep = subset.Subsetter(options)
    keep.populate(gids=range(font["maxp"].numGlyphs))
    keep.subset(font)
    font.flavor = None
    # The time of writing would make every run a different file.
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main():
    (HERE / "licences").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, package, file, licence in FONTS:
            ttf = convert(pack(package, folder)[file])
            (HERE / f"{name}.ttf").write_bytes(ttf)
            text = pack(licence, folder)["LICENSE"].decode()
            (HERE / "licences" / f"{name}.txt").write_text("\n".join(l.rstrip() for l in text.splitlines()) + "\n")
            print(f"{name}.ttf {len(ttf)} bytes")


if __name__ == "__main__":
    main()
