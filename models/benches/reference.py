"""The same pieces of Stable Diffusion 1.5 in diffusers, to be timed beside `atelierd bench models`.

    python models/benches/reference.py make DIR       # a checkpoint of SD 1.5's shape, random weights, 4.3 GB
    python models/benches/reference.py time DIR       # text, UNet step, decode: seconds and peak memory, each in its own process

Packages: models/fixtures/requirements.txt. Every piece runs once to warm up and is then timed; the median counts.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

SD15_UNET = dict(sample_size=64, cross_attention_dim=768, attention_head_dim=8, block_out_channels=(320, 640, 1280, 1280))
SD15_VAE = dict(
    block_out_channels=(128, 256, 512, 512),
    down_block_types=("DownEncoderBlock2D",) * 4,
    up_block_types=("UpDecoderBlock2D",) * 4,
    layers_per_block=2,
    latent_channels=4,
    scaling_factor=0.18215,
    sample_size=512,
)
SD15_SCHEDULER = dict(
    beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1, set_alpha_to_one=False
)


def make(folder: str) -> None:
    import torch
    from diffusers import AutoencoderKL, PNDMScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    UNet2DConditionModel(**SD15_UNET).save_pretrained(f"{folder}/unet")
    AutoencoderKL(**SD15_VAE).save_pretrained(f"{folder}/vae")
    text = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12, num_hidden_layers=12, projection_dim=768)
    CLIPTextModel(text).save_pretrained(f"{folder}/text_encoder")
    PNDMScheduler(**SD15_SCHEDULER).save_pretrained(f"{folder}/scheduler")
    index = {
        "_class_name": "StableDiffusionPipeline",
        "scheduler": ["diffusers", "PNDMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    with open(f"{folder}/model_index.json", "w", encoding="utf-8") as out:
        json.dump(index, out, indent=2)


def piece(folder: str, name: str, dtype: str, channels_last: bool, runs: int) -> None:
    begun = time.perf_counter()
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel

    kind = getattr(torch, dtype)
    classes = {"text": CLIPTextModel, "step": UNet2DConditionModel, "decode": AutoencoderKL}
    folders = {"text": "text_encoder", "step": "unet", "decode": "vae"}
    model = classes[name].from_pretrained(f"{folder}/{folders[name]}", torch_dtype=kind).eval()
    inputs = {
        "text": lambda: (torch.randint(0, 49405, (2, 77)),),
        "step": lambda: (torch.randn(2, 4, 64, 64, dtype=kind), 981, torch.randn(2, 77, 768, dtype=kind)),
        "decode": lambda: (torch.randn(1, 4, 64, 64, dtype=kind),),
    }[name]()
    if channels_last and name != "text":
        model = model.to(memory_format=torch.channels_last)
        inputs = (inputs[0].to(memory_format=torch.channels_last), *inputs[1:])
    run = model.decode if name == "decode" else model
    seconds = []
    with torch.inference_mode():
        run(*inputs)
        first = time.perf_counter() - begun
        for _ in range(runs):
            start = time.perf_counter()
            run(*inputs)
            seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    layout = "channels-last" if channels_last else "contiguous"
    print(f"{name:7} {dtype:8} {layout:13} {statistics.median(seconds):7.3f} s  first after {first:6.2f} s  peak {peak:5.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "time", "piece"])
    parser.add_argument("folder")
    parser.add_argument("--piece", choices=["text", "step", "decode"])
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if given.what == "make":
        make(given.folder)
    elif given.what == "piece":
        piece(given.folder, given.piece, given.dtype, given.channels_last, given.runs)
    else:
        for dtype in ("float32", "bfloat16"):
            for name, layouts in (("text", ([],)), ("step", ([],)), ("decode", ([], ["--channels-last"]))):
                for layout in layouts:
                    command = [sys.executable, __file__, "piece", given.folder, "--piece", name, "--dtype", dtype, *layout]
                    subprocess.run(command, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})


if __name__ == "__main__":
    main()
