"""Captions of scenes in varied words, some of them unknown, some misspelt; and the plain words for what is known."""

import json
from pathlib import Path

import numpy

from scenes import Scene

LEXICON = json.loads((Path(__file__).parents[1] / "lexicon.json").read_text(encoding="utf-8"))
FACTORS = ("family", "palette", "side", "time", "weather")
SYLLABLES = "ka lo mi ter on sel vin dra po qua ris un tel ba gor wex ny fal ju zen tri mop".split()


def plain(scene: Scene) -> str:
    """What the lexicon makes of any wish for this scene."""
    known = {factor: getattr(scene, factor) for factor in FACTORS}
    if known["side"] == "none":
        known["side"] = None
    return ", ".join(LEXICON[factor][value][0] for factor, value in known.items() if value)


def caption(scene: Scene, rng: numpy.random.Generator) -> tuple[str, dict]:
    """A caption, and which factors it mentions."""
    keep = {"family": 0.98, "palette": 0.93, "side": 0.12 if scene.side == "none" else 0.85, "time": 0.85, "weather": 0.8}
    if scene.weather == "clear":
        keep["weather"] = 0.4
    words, said = {}, {}
    canonical = rng.random() < 0.4
    for factor in FACTORS:
        value = getattr(scene, factor)
        if value is not None and rng.random() < keep[factor]:
            choice = LEXICON[factor][value]
            words[factor] = choice[0 if canonical or rng.random() < 0.3 else int(rng.integers(len(choice)))]
            said[factor] = value
    if canonical:
        return ", ".join(words.values()), said
    text = tags(words, rng) if rng.random() < 0.5 else sentence(words, rng)
    return disturbed(text, rng), said


def tags(words: dict, rng) -> str:
    parts = list(words.values())
    rng.shuffle(parts)
    for _ in range(int(rng.integers(0, 3))):
        parts.insert(int(rng.integers(len(parts) + 1)), filler(rng))
    return (", " if rng.random() < 0.8 else " ").join(parts)


def sentence(words: dict, rng) -> str:
    family, palette = words.get("family", "background"), words.get("palette", "")
    start = str(rng.choice(["", "a ", "a picture of ", "background with ", "thumbnail of ", f"{filler(rng)} ", "the "]))
    text = start + (f"{palette} {family}" if rng.random() < 0.7 else f"{family} in {palette}" if palette else family)
    if "weather" in words:
        text = f"{words['weather']} {text}" if rng.random() < 0.4 else f"{text}, {words['weather']}"
    if "time" in words:
        text = f"{text} {rng.choice(['at', 'during', 'in the', ','])} {words['time']}"
    if "side" in words:
        text = f"{text}{rng.choice([', ', ' with ', ' and '])}{words['side']}"
    return text


def filler(rng) -> str:
    return str(rng.choice(LEXICON["ignored"]))


def disturbed(text: str, rng) -> str:
    """With a word that nobody knows, or a slip of the finger."""
    words = text.split(" ")
    if rng.random() < 0.15:
        for _ in range(int(rng.integers(1, 3))):
            unknown = "".join(rng.choice(SYLLABLES, int(rng.integers(2, 4))))
            words.insert(int(rng.integers(len(words) + 1)), unknown)
    if rng.random() < 0.03:
        place = int(rng.integers(len(words)))
        word = words[place]
        if len(word) > 4:
            cut = int(rng.integers(1, len(word) - 1))
            words[place] = word[:cut] + word[cut + 1 :]
    return " ".join(words)
