#!/usr/bin/env python3
"""Makes clip-merges.txt and its licence: packs the pinned PyPI package open_clip_torch and keeps those of the merges
that CLIP was trained with. Run by hand, from any folder: `python3 models/vocabulary/make.py`.
"""

import gzip
import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
PACKAGE = "open_clip_torch==3.3.0"
# 49408 tokens are 256 bytes, 256 bytes that end a word, one token per merge, and the two that start and end a text.
MERGES = 49408 - 256 - 256 - 2

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder, PACKAGE], check=True)
    [wheel] = pathlib.Path(folder).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        table = gzip.decompress(archive.read("open_clip/bpe_simple_vocab_16e6.txt.gz")).decode("utf-8")
        [licence] = [name for name in names if name.endswith("licenses/LICENSE")]
        (HERE / "LICENCE").write_bytes(archive.read(licence))

# The first line is a comment.
merges = table.split("\n")[1 : 1 + MERGES]
assert all(len(merge.split(" ")) == 2 for merge in merges)
(HERE / "clip-merges.txt").write_text("\n".join(merges) + "\n", encoding="utf-8", newline="\n")
