"""Writes a run as a checkpoint that diffusers and Atelier read: `export.py RUN FOLDER`."""

import argparse
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler
from safetensors.torch import load_file, save_file

import text
import unet
import vae
from tokens import save


def half(path: Path, prefix: str = "") -> None:
    """As fp16, and under the names that files on the hub have."""
    tensors = {name if name.startswith(prefix) else prefix + name: tensor for name, tensor in load_file(path).items()}
    tensors = {name: tensor.half().contiguous() for name, tensor in tensors.items() if not name.endswith("position_ids")}
    save_file(tensors, path.with_suffix(".fp16.safetensors"), metadata={"format": "pt"})
    path.unlink()


def scheduler() -> DDIMScheduler:
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        num_train_timesteps=unet.STEPS,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,
    )


def networks(run: Path, name: str = "unet.pt", average: bool = True) -> dict:
    """The trained networks of a run, the UNet of the file `name`, with their latents' scale."""
    words = text.tokenizer(run)
    both = torch.nn.ModuleDict({"unet": unet.network(), "text": text.network(len(words))})
    state = torch.load(run / "unet.pt", weights_only=False)
    both.load_state_dict(state["average" if average else "network"])
    if name != "unet.pt":
        both["unet"].load_state_dict(torch.load(run / name, weights_only=True)["average"])
    network = coder(run)
    network.register_to_config(scaling_factor=float((run / "latents" / "scale.txt").read_text(encoding="utf-8")))
    return {"unet": both["unet"].eval(), "text_encoder": both["text"].eval(), "vae": network, "words": words}


def coder(run: Path) -> AutoencoderKL:
    """The autoencoder, with the decoder that was taught last."""
    decoder, network = run / "decoder.pt", vae.network()
    path = decoder if decoder.exists() else run / "even.pt"
    network.load_state_dict(torch.load(path, weights_only=True)["average"])
    return network.eval()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--unet", default="unet.pt", help="few8.pt or few4.pt for those of few steps")
    given = asked.parse_args()
    parts = networks(given.run, given.unet)
    index = {"_class_name": "StableDiffusionInpaintPipeline", "_diffusers_version": "0.42.1"}
    index |= {"feature_extractor": [None, None], "safety_checker": [None, None]}
    for part in ("unet", "vae", "text_encoder"):
        parts[part].save_pretrained(given.folder / part)
        index[part] = ["transformers" if part == "text_encoder" else "diffusers", type(parts[part]).__name__]
    half(given.folder / "unet" / "diffusion_pytorch_model.safetensors")
    half(given.folder / "vae" / "diffusion_pytorch_model.safetensors")
    half(given.folder / "text_encoder" / "model.safetensors", "text_model.")
    if (given.run / "upscale.pt").exists():
        # Beside the pipeline, under the names of Real-ESRGAN; its shape follows from them.
        tensors = torch.load(given.run / "upscale.pt", weights_only=True)["average"]
        (given.folder / "upscaler").mkdir(exist_ok=True)
        tensors = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
        save_file(tensors, given.folder / "upscaler" / "model.fp16.safetensors", metadata={"format": "pt"})
    scheduler().save_pretrained(given.folder / "scheduler")
    index["scheduler"] = ["diffusers", "DDIMScheduler"]
    shutil.copytree(given.run / "tokenizer", given.folder / "tokenizer", dirs_exist_ok=True)
    index["tokenizer"] = ["transformers", "CLIPTokenizer"]
    save(given.folder / "model_index.json", dict(sorted(index.items())))
    sizes = {path.relative_to(given.folder): path.stat().st_size for path in given.folder.rglob("*.safetensors")}
    print(*(f"{size / 2**20:6.2f} MiB  {path}" for path, size in sizes.items()), sep="\n")


if __name__ == "__main__":
    main()
