"""The text encoder, made to understand captions before the UNet learns from it: it names each factor it was told.

    text.py RUN --minutes 4
"""

import argparse
from pathlib import Path

import numpy
import torch
from torch.nn import functional
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

import optimise
import tokens
from captions import FACTORS, LEXICON, caption
from scenes import sample

WIDTH = 160


def network(vocabulary: int) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=3,
            num_attention_heads=5,
            max_position_embeddings=tokens.POSITIONS,
            hidden_act="gelu",
            projection_dim=WIDTH,
            bos_token_id=vocabulary - 2,
            eos_token_id=vocabulary - 1,
            pad_token_id=vocabulary - 1,
        )
    )


def tokenizer(run: Path) -> CLIPTokenizer:
    folder = run / "tokenizer"
    if not (folder / "vocab.json").exists():
        tokens.write(folder)
    return CLIPTokenizer.from_pretrained(folder)


def numbers(tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """Padded with the end token, as Stable Diffusion 1 does."""
    return torch.tensor(tokenizer(texts, padding="max_length", truncation=True).input_ids)


class Judge(torch.nn.Module):
    """Names the factors from the end of a text, and from each place after it."""

    def __init__(self):
        super().__init__()
        self.heads = torch.nn.ModuleDict({factor: torch.nn.Linear(WIDTH, len(LEXICON[factor])) for factor in FACTORS})

    def forward(self, states: torch.Tensor, ids: torch.Tensor) -> dict:
        # The end, and one random place of the padding.
        ends = (ids == ids[:, -1:]).int().argmax(1)
        places = ends + ((ids.shape[1] - ends) * torch.rand(len(ids))).long()
        rows = torch.arange(len(ids))
        both = states[rows, ends], states[rows, places]
        return {factor: [head(state) for state in both] for factor, head in self.heads.items()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--minutes", type=float, default=4)
    asked.add_argument("--batch", type=int, default=64)
    asked.add_argument("--rate", type=float, default=2e-3)
    asked.add_argument("--smoke", action="store_true", help="a few steps that have to lower the loss")
    given = asked.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(2)
    rng = numpy.random.default_rng(2)
    given.run.mkdir(parents=True, exist_ok=True)
    words = tokenizer(given.run)
    encoder, judge = network(len(words)), Judge()
    both = torch.nn.ModuleDict({"encoder": encoder, "judge": judge})
    optimiser = optimise.Muon(both, given.rate, plain=("embedding", "heads"))
    clock, step, losses = optimise.Clock(given.minutes), 0, []
    values = {factor: list(LEXICON[factor]) for factor in FACTORS}
    while (part := clock.tick()) < 1 and not (given.smoke and step >= optimise.SMOKE):
        texts = [caption(sample(int(rng.integers(1 << 30))), rng) for _ in range(given.batch)]
        ids = numbers(words, [text for text, _ in texts])
        with torch.autocast("cpu", torch.bfloat16):
            states = encoder(ids).last_hidden_state
        answers, loss, right = judge(states.float(), ids), 0.0, {}
        for factor, answer in answers.items():
            wanted = [values[factor].index(said[factor]) if factor in said else -100 for _, said in texts]
            wanted = torch.tensor(wanted)
            loss = loss + sum(functional.cross_entropy(each, wanted) for each in answer)
            told = wanted >= 0
            right[factor] = (answer[0].argmax(1) == wanted)[told].float().mean().item()
        both.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step(optimise.rate_at(part, step, given.rate, warm=4 if given.smoke else 40))
        step += 1
        losses.append(loss.item())
        if step % 20 == 0:
            optimise.log(given.run / "text.jsonl", step=step, minutes=clock.spent / 60, loss=float(numpy.mean(losses[-20:])), **right)
    optimise.save(given.run / "text.pt", {"network": encoder.state_dict()})
    if given.smoke:
        optimise.check(losses)


if __name__ == "__main__":
    main()
