"""The tokenizer: byte pairs as CLIP has them, learnt from captions, in CLIP's own files."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy

from captions import FACTORS, LEXICON, caption
from scenes import sample

SIZE = 2048
POSITIONS = 40
START, END = "<|startoftext|>", "<|endoftext|>"


def byte_letters() -> list[str]:
    """The letters that stand for the 256 bytes in a byte-level vocabulary, printable ones for themselves."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(hidden))]


def corpus() -> Counter:
    """How often each word occurs in captions; every word of the lexicon at least often enough to become a token."""
    rng = numpy.random.default_rng(3)
    words = Counter()
    for seed in range(4000):
        words.update(re.findall(r"[a-z]+", caption(sample(seed), rng)[0].lower()))
    listed = [name for factor in FACTORS for names in LEXICON[factor].values() for name in names] + LEXICON["ignored"]
    for name in listed:
        for word in re.findall(r"[a-z]+", name.lower()):
            words[word] = max(words[word], 40)
    return words


def merges(words: Counter, count: int) -> list[tuple[str, str]]:
    pieces = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    found = []
    while len(found) < count:
        pairs = Counter()
        for word, parts in pieces.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        found.append(best)
        for word, parts in pieces.items():
            if best[0] in parts:
                pieces[word] = merged(parts, best)
    return found


def merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    out = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] += part
        else:
            out.append(part)
    return out


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    letters = byte_letters()
    learnt = merges(corpus(), SIZE - 2 * len(letters) - 2)
    entries = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in learnt] + [START, END]
    entries = list(dict.fromkeys(entries))
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    save(folder / "vocab.json", vocabulary)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in learnt), encoding="utf-8")
    special = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
    save(folder / "special_tokens_map.json", special)
    save(folder / "tokenizer_config.json", {"model_max_length": POSITIONS, "tokenizer_class": "CLIPTokenizer"} | special)
    print(f"{len(vocabulary)} tokens")


def save(path: Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import sys

    write(Path(sys.argv[1]))
